import type { Provider } from '@nestjs/common';
import { ListActivitiesHandler } from './activities/list-activities.handler';
import { RecordActivityHandler } from './activities/record-activity.handler';
import { ReadBusinessDateHandler } from './business-date';
import { CaseLog } from './case/case-log';
import { FindCaseDebtorHandler, ReadCaseSummariesHandler, ReadDebtorCaseHandler } from './case/case.handlers';
import { Notes } from './case/notes';
import { ReadChasingStateHandler } from './chasing/read-chasing-state.handler';
import {
  AddContactHandler,
  AmendContactHandler,
  ContactLog,
  ListContactsHandler,
  RemoveContactHandler,
} from './contacts/contacts.handlers';
import { RaiseDisputeHandler, ResolveDisputeHandler } from './disputes/disputes.handlers';
import { ListModificationsHandler } from './plans/list-modifications.handler';
import { AgreePlanHandler, CancelPlanHandler } from './plans/plans.handlers';
import { GetCollectionsPolicyHandler, SetCollectionsPolicyHandler } from './policy/policy.handlers';
import { MovePromiseHandler, WithdrawPromiseHandler } from './promises/change-promise.handlers';
import { MakePromiseHandler } from './promises/make-promise.handler';
import { ReadTimelineHandler } from './timeline/read-timeline.handler';

/** Commands and queries about the case of a debtor: what was done, agreed and contested. */
export const CASE_PROVIDERS: readonly Provider[] = [
  ReadBusinessDateHandler,
  CaseLog,
  Notes,
  ContactLog,
  RecordActivityHandler,
  ListActivitiesHandler,
  AddContactHandler,
  AmendContactHandler,
  RemoveContactHandler,
  ListContactsHandler,
  MakePromiseHandler,
  MovePromiseHandler,
  WithdrawPromiseHandler,
  RaiseDisputeHandler,
  ResolveDisputeHandler,
  AgreePlanHandler,
  CancelPlanHandler,
  ListModificationsHandler,
  ReadDebtorCaseHandler,
  FindCaseDebtorHandler,
  ReadCaseSummariesHandler,
  ReadChasingStateHandler,
  SetCollectionsPolicyHandler,
  GetCollectionsPolicyHandler,
  ReadTimelineHandler,
];
