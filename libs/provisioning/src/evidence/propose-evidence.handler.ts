import { isFractionText, parseRate, type LossRate } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { Inject } from '@nestjs/common';
import { CommandBus, CommandHandler, QueryBus, type ICommandHandler } from '@nestjs/cqrs';
import { ProposeLossRatesCommand } from '../loss-rate-sets/propose-loss-rates.command';
import { placeOf } from '../policy/refusal-places';
import { GetLossRateEvidenceQuery, type EvidenceAnswer, type EvidenceRequest } from './evidence.query';
import { ProposeEvidenceCommand, type EvidenceProposal, type ProposedFromEvidence } from './propose-evidence.command';

@CommandHandler(ProposeEvidenceCommand)
export class ProposeEvidenceHandler implements ICommandHandler<ProposeEvidenceCommand> {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ context, proposal }: ProposeEvidenceCommand): Promise<ProposedFromEvidence> {
    if (proposal.evidence.method === 'loss-on-sales') {
      const detail = 'Losses on sales are a ratio of flows and no rate of a bucket; choose another method for a proposal.';
      throw new Refusal('evidence-not-by-bucket', detail, [placeOf('method')]);
    }
    const evidence = await this.queries.execute(new GetLossRateEvidenceQuery(context.tenantId, proposal.evidence));
    const { kind, scheme } = evidence;
    const { id, effectiveOn, replaces } = proposal;
    const rates = proposedRates(evidence, proposal);
    const proposed = await this.commands.execute(
      new ProposeLossRatesCommand(context, {
        id,
        kind,
        scheme,
        effectiveOn,
        rates,
        replaces,
        evidence: citationOf(evidence, proposal.evidence),
      }),
    );
    const told = new Set(proposed.warnings.map(({ detail }) => detail));
    const own = evidence.warnings.filter(({ detail }) => !told.has(detail));
    return { ...proposed, warnings: [...proposed.warnings, ...own], rates: evidence.rates };
  }
}

/** Every bucket has to have a rate between 0 and 1; a hole is for people to fill by a set of their own. */
function proposedRates({ rates }: EvidenceAnswer, { capAtOne }: EvidenceProposal): LossRate[] {
  const undefinedRates = rates.filter(({ rate }) => rate === null);
  if (undefinedRates.length > 0 || rates.length === 0) {
    const names = undefinedRates.map(({ segment, bucket }) => `'${bucket}' of segment '${segment}'`).join(', ');
    throw new Refusal('evidence-rate-undefined', `The book gives no rate for ${names === '' ? 'any bucket' : names}.`);
  }
  return rates.map(({ segment, bucket, rate }) => {
    const text = rate ?? '';
    if (isFractionText(text)) return { segment, bucket, rate: text };
    if (capAtOne && parseRate(text)?.gt(1) === true) return { segment, bucket, rate: '1' };
    const detail = `The rate for '${bucket}' of segment '${segment}' is ${text}; a loss rate lies between 0 and 1 (capAtOne proposes 1).`;
    throw new Refusal('evidence-rate-above-one', detail, [placeOf('capAtOne')]);
  });
}

/** What a set says about where it comes from; the address gives the same answer again. */
function citationOf(
  evidence: EvidenceAnswer,
  { entityId, segment }: EvidenceRequest,
): { method: string; window: string; sampleSize: number; url: string } {
  const { asOf, knownAt, method, kind, scheme, window, currency, choices } = evidence;
  const { groupBy, assessed, unclassified, ...counted } = choices;
  const parameters = {
    ...{ method, asOf, knownAt, kind, scheme, currency, periodMonths: String(window.periodMonths), periods: String(window.periods.length) },
    ...{ groupBy, assessed, unclassified, entityId, segment },
    ...Object.fromEntries(Object.entries(counted).filter(([name, value]) => !['translation', 'sales'].includes(name) && value !== 'none')),
  };
  const named = Object.entries(parameters).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const sizes = evidence.groups.map(({ buckets }) => String(buckets.length));
  const grouped: [string, string][] = sizes.some((size) => size !== '1') ? [['groups', sizes.join(',')]] : [];
  return {
    method,
    window: `${window.from} to ${window.to} in periods of ${String(window.periodMonths)} months`,
    sampleSize: evidence.sample.receivables,
    url: `/v1/loss-rate-evidence?${new URLSearchParams([...named, ...grouped]).toString()}`,
  };
}
