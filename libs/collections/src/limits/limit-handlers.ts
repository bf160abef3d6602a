import { PlaceCreditHoldHandler, ReleaseCreditHoldHandler } from './credit-hold.handlers';
import { ListDebtorGroupsHandler, ReadCreditExposuresHandler } from './read-credit-exposures.handler';
import { StateDebtorGroupHandler } from './state-debtor-group.handler';

/** Limits, groups and holds. */
export const LIMIT_HANDLERS = [
  ReadCreditExposuresHandler,
  ListDebtorGroupsHandler,
  StateDebtorGroupHandler,
  PlaceCreditHoldHandler,
  ReleaseCreditHoldHandler,
] as const;
