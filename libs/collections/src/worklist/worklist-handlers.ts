import { GetWorklistPolicyHandler, ReadWorklistHandler, WorklistReader } from './read-worklist';
import { RankedLists } from './ranked-lists';
import { AssignDebtorHandler, FinishWorkHandler, SnoozeDebtorHandler, StateWorklistPolicyHandler, WorkLog } from './work.handlers';

/** Ranking, assigning, putting off. */
export const WORKLIST_HANDLERS = [
  WorklistReader,
  RankedLists,
  WorkLog,
  ReadWorklistHandler,
  GetWorklistPolicyHandler,
  AssignDebtorHandler,
  SnoozeDebtorHandler,
  FinishWorkHandler,
  StateWorklistPolicyHandler,
] as const;
