import { Command, Query } from '@nestjs/cqrs';
import type { DunningPolicyContent } from '@app/credit-domain';
import type { RequestContext } from '@app/platform';
import type { DunningPolicyState, MailedLevel } from './dunning-policy.fold';

export interface PolicyStatement extends DunningPolicyContent {
  readonly levels: readonly MailedLevel[];
}

/** Defines a policy; runs follow it from then on. @throws Refusal `dunning-policy-invalid`, `template-invalid` with field and place */
export class DefineDunningPolicyCommand extends Command<{ readonly id: string; readonly streamVersion: number }> {
  constructor(
    readonly context: RequestContext,
    readonly statement: PolicyStatement,
  ) {
    super();
  }
}

/** A new version; letters that are out stay what they were. @throws Refusal as the definition, `dunning-policy-not-found`, `dunning-policy-retired` */
export class AmendDunningPolicyCommand extends Command<{ readonly id: string; readonly streamVersion: number }> {
  constructor(
    readonly context: RequestContext,
    readonly policyId: string,
    readonly statement: PolicyStatement,
    readonly expectedVersion: number | undefined,
  ) {
    super();
  }
}

/** Ends a policy; retiring it again changes nothing. @throws Refusal `dunning-policy-not-found` */
export class RetireDunningPolicyCommand extends Command<void> {
  constructor(
    readonly context: RequestContext,
    readonly policyId: string,
    readonly expectedVersion: number | undefined,
  ) {
    super();
  }
}

/** In the order in which they are tried: the first that applies to an item is the one it is dunned by. Retired ones last. */
export class ListDunningPoliciesQuery extends Query<readonly DunningPolicyState[]> {
  constructor(readonly tenantId: number) {
    super();
  }
}
