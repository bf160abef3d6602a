import type { AccountCodes, AccountMapping } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import { Command, Query } from '@nestjs/cqrs';

/** States the whole mapping anew: a role that is left out has its default name again. Refused `kind-without-ecl`. */
export class SetAccountMappingCommand extends Command<AccountMapping> {
  constructor(
    readonly context: RequestContext,
    readonly mapping: {
      readonly accounts: Readonly<Partial<AccountCodes>>;
      readonly byKind: Readonly<Record<string, Readonly<Partial<AccountCodes>>>>;
    },
  ) {
    super();
  }
}

/** The mapping in force for journals made now. */
export class GetAccountMappingQuery extends Query<AccountMapping> {
  constructor(readonly tenantId: number) {
    super();
  }
}
