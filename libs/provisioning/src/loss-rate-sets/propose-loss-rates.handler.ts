import { builtInScheme, checkLossRates, lossRateWarnings, type AgeingScheme } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { ResolveSchemeQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { requireKindsWithLosses } from '../policy/kinds';
import { lossRateSets, type ProposedLossRates } from '../policy/loss-rate-set.fold';
import { PolicyBook, type ProposedPolicy } from '../policy/policy-book';
import { placesOf } from '../policy/refusal-places';
import { ProposeLossRatesCommand } from './propose-loss-rates.command';

@CommandHandler(ProposeLossRatesCommand)
export class ProposeLossRatesHandler implements ICommandHandler<ProposeLossRatesCommand> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, proposal }: ProposeLossRatesCommand): Promise<ProposedPolicy> {
    const { kind, effectiveOn, evidence, replaces } = proposal;
    requireKindsWithLosses([kind], 'kind');
    const scheme = await this.schemeOf(context.tenantId, proposal.scheme);
    const labels = scheme.buckets.map(({ label }) => label);
    const faults = checkLossRates(proposal.rates, labels);
    if (faults.length > 0) {
      throw new Refusal('loss-rates-invalid', `The loss rates cannot be used: ${faults[0]?.detail ?? ''}`, placesOf(faults));
    }
    const rates = proposal.rates.map(({ segment, bucket, rate }) => ({ segment, bucket, rate }));
    const set: ProposedLossRates = {
      ...{ setId: proposal.id ?? context.newId(), kind, scheme: scheme.id, effectiveOn, rates },
      ...{ evidence: evidence ?? null, replaces: replaces ?? null },
    };
    const { warnings, ...proposed } = await new PolicyBook(this.store).propose(context, lossRateSets, set);
    return { ...proposed, warnings: [...lossRateWarnings(rates, labels), ...warnings] };
  }

  private async schemeOf(tenantId: number, id: string): Promise<AgeingScheme> {
    const builtIn = builtInScheme(id);
    if (builtIn !== undefined) return builtIn;
    const { position } = await this.store.database.read(tenantId, (tx) => this.store.latestSettled(tx));
    return this.queries.execute(new ResolveSchemeQuery(tenantId, id, position));
  }
}
