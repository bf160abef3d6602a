import { GetWorklistPolicyHandler, ReadWorklistHandler, WorklistReader } from './read-worklist';
import { AssignDebtorHandler, FinishWorkHandler, SnoozeDebtorHandler, StateWorklistPolicyHandler, WorkLog } from './work.handlers';

/** Ranking, assigning, putting off. */
export const WORKLIST_HANDLERS = [
  WorklistReader,
  WorkLog,
  ReadWorklistHandler,
  GetWorklistPolicyHandler,
  AssignDebtorHandler,
  SnoozeDebtorHandler,
  FinishWorkHandler,
  StateWorklistPolicyHandler,
] as const;
