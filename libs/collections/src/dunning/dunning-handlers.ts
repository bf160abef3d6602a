import {
  AmendDunningPolicyHandler,
  DefineDunningPolicyHandler,
  ListDunningPoliciesHandler,
  RetireDunningPolicyHandler,
} from './dunning-policies.handlers';
import { GetDunningRunHandler, ListDunningRunsHandler, MakeDunningRunHandler, PreviewDunningRunHandler } from './dunning-runs.handlers';
import { LetterLog } from './letter-log';
import {
  ClaimLetterSendingHandler,
  MarkLetterSentHandler,
  RecordLetterOutcomeHandler,
  WithdrawLetterHandler,
} from './letters.commands.handlers';
import { ListDunningLettersHandler, WriteDunningLetterHandler } from './letters.queries.handlers';
import { DunningPlanner } from './plan-dunning';

/** Policies, runs and letters. */
export const DUNNING_HANDLERS = [
  DunningPlanner,
  LetterLog,
  DefineDunningPolicyHandler,
  AmendDunningPolicyHandler,
  RetireDunningPolicyHandler,
  ListDunningPoliciesHandler,
  MakeDunningRunHandler,
  PreviewDunningRunHandler,
  GetDunningRunHandler,
  ListDunningRunsHandler,
  ListDunningLettersHandler,
  WriteDunningLetterHandler,
  MarkLetterSentHandler,
  WithdrawLetterHandler,
  ClaimLetterSendingHandler,
  RecordLetterOutcomeHandler,
] as const;
