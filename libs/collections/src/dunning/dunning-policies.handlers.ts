import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler, type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { dunningPolicyFaults } from '@app/credit-domain';
import { type EventStore, type StoredEvent, VersionConflict } from '@app/event-store';
import { CLOCK, type Clock, eventContext, EVENT_STORE, Refusal } from '@app/platform';
import { appendAndSettle } from '../append-and-settle';
import { type DataOf, newEvent } from '../event-data';
import {
  AmendDunningPolicyCommand,
  DefineDunningPolicyCommand,
  ListDunningPoliciesQuery,
  type PolicyStatement,
  RetireDunningPolicyCommand,
} from './dunning-policies.commands';
import { DUNNING_POLICY, type DunningPolicyState, foldPolicies } from './dunning-policy.fold';

@CommandHandler(DefineDunningPolicyCommand)
export class DefineDunningPolicyHandler implements ICommandHandler<DefineDunningPolicyCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  execute({ context, statement }: DefineDunningPolicyCommand): Promise<{ id: string; streamVersion: number }> {
    refuseFaults(statement);
    const id = context.newId();
    return appendAndSettle(this.store, eventContext(context), async (tx) => {
      const [known] = foldPolicies(await this.store.readStream(tx, DUNNING_POLICY, id));
      // The same identifier on a second attempt with the same Idempotency-Key: then the work is already done.
      if (known !== undefined) return { appends: [], result: { id, streamVersion: known.streamVersion } };
      const event = newEvent('DunningPolicyDefined', this.clock.today(), stored(id, 1, statement));
      return { appends: [{ category: DUNNING_POLICY, key: id, expectedVersion: 0, events: [event] }], result: { id, streamVersion: 1 } };
    });
  }
}

@CommandHandler(AmendDunningPolicyCommand)
export class AmendDunningPolicyHandler implements ICommandHandler<AmendDunningPolicyCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  execute({ context, policyId, statement, expectedVersion }: AmendDunningPolicyCommand): Promise<{ id: string; streamVersion: number }> {
    refuseFaults(statement);
    return appendAndSettle(this.store, eventContext(context), async (tx) => {
      const known = policyOf(await this.store.readStream(tx, DUNNING_POLICY, policyId), policyId, expectedVersion);
      if (known.status === 'retired') throw new Refusal('dunning-policy-retired', `Dunning policy ${policyId} is retired.`);
      const event = newEvent('DunningPolicyAmended', this.clock.today(), stored(policyId, known.version + 1, statement));
      const append = { category: DUNNING_POLICY, key: policyId, expectedVersion: known.streamVersion, events: [event] };
      return { appends: [append], result: { id: policyId, streamVersion: known.streamVersion + 1 } };
    });
  }
}

@CommandHandler(RetireDunningPolicyCommand)
export class RetireDunningPolicyHandler implements ICommandHandler<RetireDunningPolicyCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async execute({ context, policyId, expectedVersion }: RetireDunningPolicyCommand): Promise<void> {
    await appendAndSettle(this.store, eventContext(context), async (tx) => {
      const known = policyOf(await this.store.readStream(tx, DUNNING_POLICY, policyId), policyId, expectedVersion);
      if (known.status === 'retired') return { appends: [], result: undefined };
      const event = newEvent('DunningPolicyRetired', this.clock.today(), { policyId, version: known.version });
      return {
        appends: [{ category: DUNNING_POLICY, key: policyId, expectedVersion: known.streamVersion, events: [event] }],
        result: undefined,
      };
    });
  }
}

@QueryHandler(ListDunningPoliciesQuery)
export class ListDunningPoliciesHandler implements IQueryHandler<ListDunningPoliciesQuery> {
  constructor(@Inject(EVENT_STORE) private readonly store: EventStore) {}

  execute({ tenantId }: ListDunningPoliciesQuery): Promise<readonly DunningPolicyState[]> {
    return this.store.database.read(tenantId, async (tx) => {
      const { position } = await this.store.latestSettled(tx);
      const policies = foldPolicies(await this.store.readCategory(tx, DUNNING_POLICY, position));
      return [...policies.filter(({ status }) => status === 'active'), ...policies.filter(({ status }) => status === 'retired')];
    });
  }
}

function refuseFaults(statement: PolicyStatement): void {
  const [fault, ...others] = dunningPolicyFaults(statement);
  if (fault === undefined) return;
  const places = [fault, ...others].map(({ field, pointer }) => ({ ...(field !== undefined && { field }), pointer }));
  throw new Refusal(fault.code, fault.detail, places);
}

function policyOf(events: readonly StoredEvent[], policyId: string, expectedVersion: number | undefined): DunningPolicyState {
  const [known] = foldPolicies(events);
  if (known === undefined) throw new Refusal('dunning-policy-not-found', `There is no dunning policy ${policyId}.`);
  if (expectedVersion !== undefined && expectedVersion !== known.streamVersion) {
    throw new VersionConflict(DUNNING_POLICY, policyId, expectedVersion, known.streamVersion);
  }
  return known;
}

function stored(policyId: string, version: number, { name, appliesTo, levels }: PolicyStatement): DataOf<'DunningPolicyDefined'> {
  const amount = (money: { minor: bigint; currency: string } | null) =>
    money === null ? null : { amount: String(money.minor), currency: money.currency };
  const list = (values: readonly string[] | null) => (values === null ? null : [...values]);
  return {
    ...{ policyId, version, name },
    appliesTo: {
      segments: list(appliesTo.segments),
      kinds: list(appliesTo.kinds),
      minimumAmount: amount(appliesTo.minimumAmount),
    },
    levels: levels.map((level) => ({ ...level, minimumAmount: amount(level.minimumAmount), fee: amount(level.fee) })),
  };
}
