import { builtInScheme, checkLossRates, lossRateWarnings, type AgeingScheme, type LossRateWarning } from '@app/credit-domain';
import { canonicalJson, VersionConflict, type EventStore } from '@app/event-store';
import { EVENT_STORE, eventContext, Refusal } from '@app/platform';
import { ResolveSchemeQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { newEvent } from '../event-data';
import type { LossRateSetProposedData } from '../events';
import { requireKindsWithLosses } from '../policy/kinds';
import { foldLossRateSets, LOSS_RATE_SET_CATEGORY, type LossRateSetState } from '../policy/loss-rate-set.fold';
import { ProposeLossRatesCommand } from './propose-loss-rates.command';
import { placeOf, placesOf } from '../policy/refusal-places';

@CommandHandler(ProposeLossRatesCommand)
export class ProposeLossRatesHandler implements ICommandHandler<ProposeLossRatesCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({
    context,
    proposal,
  }: ProposeLossRatesCommand): Promise<{ id: string; status: 'proposed' | 'approved'; warnings: LossRateWarning[] }> {
    const { kind, effectiveOn } = proposal;
    requireKindsWithLosses([kind], 'kind');
    const scheme = await this.schemeOf(context.tenantId, proposal.scheme);
    const labels = scheme.buckets.map(({ label }) => label);
    const faults = checkLossRates(proposal.rates, labels);
    if (faults.length > 0) {
      throw new Refusal('loss-rates-invalid', `The loss rates cannot be used: ${faults[0]?.detail ?? ''}`, placesOf(faults));
    }
    const id = proposal.id ?? context.newId();
    const rates = proposal.rates.map(({ segment, bucket, rate }) => ({ segment, bucket, rate }));
    const data: LossRateSetProposedData = { setId: id, kind, scheme: scheme.id, effectiveOn, rates };
    const warnings = lossRateWarnings(rates, labels);
    try {
      const appended = await this.store.appendSingle(eventContext(context), {
        category: LOSS_RATE_SET_CATEGORY,
        key: id,
        expectedVersion: 0,
        events: [newEvent('LossRateSetProposed', effectiveOn, data)],
      });
      await this.store.settle(appended.lastPosition);
      return { id, status: 'proposed', warnings };
    } catch (error) {
      if (!(error instanceof VersionConflict)) throw error;
      return { id, status: await this.statusOfSame(context.tenantId, data), warnings };
    }
  }

  private async schemeOf(tenantId: number, id: string): Promise<AgeingScheme> {
    const builtIn = builtInScheme(id);
    if (builtIn !== undefined) return builtIn;
    const { position } = await this.store.database.read(tenantId, (tx) => this.store.latestSettled(tx));
    return this.queries.execute(new ResolveSchemeQuery(tenantId, id, position));
  }

  /** The same set sent again is a repeat; another one under its id is refused, for runs name sets by id. */
  private async statusOfSame(tenantId: number, sent: LossRateSetProposedData): Promise<'proposed' | 'approved'> {
    const events = await this.store.database.read(tenantId, (tx) => this.store.readStream(tx, LOSS_RATE_SET_CATEGORY, sent.setId));
    const [recorded] = foldLossRateSets(events);
    if (recorded === undefined || !isSame(recorded, sent)) {
      throw new Refusal('conflict', `There is another loss-rate set '${sent.setId}' already.`, [placeOf('id')]);
    }
    await this.store.settle(events[0]?.position ?? 0n);
    return recorded.status;
  }
}

function isSame({ setId, kind, scheme, effectiveOn, rates }: LossRateSetState, sent: LossRateSetProposedData): boolean {
  const recorded = { setId, kind, scheme, effectiveOn, rates: rates.map((row) => ({ ...row })) };
  return canonicalJson(recorded) === canonicalJson(sent);
}
