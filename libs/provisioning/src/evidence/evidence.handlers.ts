import type { LossRate } from '@app/credit-domain';
import { FLOW_PARTS, lossRateWarnings } from '@app/credit-domain';
import type { EventStore } from '@app/event-store';
import { EVENT_STORE } from '@app/platform';
import { ReadReceivableHistoriesQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { choicesOf, planEvidence, type EvidencePlan } from './evidence-plan';
import {
  GetLossRateEvidenceQuery,
  ListEvidenceReceivablesQuery,
  type EvidenceReceivable,
  type EvidenceReceivables,
  type EvidenceWarning,
  type EvidenceAnswer,
} from './evidence.query';
import type { Findings } from './findings';
import { migrationEvidence } from './migration-evidence';
import { bucketsEntered, paidByAge, profileEvidence } from './profile-evidence';
import { salesEvidence } from './sales-evidence';
import { SampleReader, type SampleFlow } from './sample-flows';
import { periodOf, vintageEvidence } from './vintage-evidence';

@QueryHandler(GetLossRateEvidenceQuery)
export class GetLossRateEvidenceHandler implements IQueryHandler<GetLossRateEvidenceQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, request }: GetLossRateEvidenceQuery): Promise<EvidenceAnswer> {
    const plan = await planEvidence(this.store, this.queries, tenantId, request);
    const found = await findingsOf(plan);
    const labels = plan.scheme.buckets.map(({ label }) => label);
    return {
      ...{ asOf: request.asOf, knownAt: plan.knownAt, position: plan.book.position, currency: plan.currency },
      ...{ method: request.method, kind: request.kind, scheme: plan.scheme.id },
      window: { ...plan.window, periodMonths: plan.periodMonths, periods: plan.periods },
      groups: plan.groups.map(({ label, buckets }) => ({ label, buckets: buckets.map((bucket) => labels[bucket] ?? '') })),
      choices: choicesOf(plan),
      ...found,
      warnings: [...found.warnings, ...warningsOf(found, labels)],
    };
  }
}

function findingsOf(plan: EvidencePlan): Promise<Findings> {
  switch (plan.request.method) {
    case 'roll-rate':
    case 'markov':
      return migrationEvidence(plan);
    case 'payment-profile':
      return profileEvidence(plan);
    case 'vintage':
      return vintageEvidence(plan);
    case 'loss-on-sales':
      return salesEvidence(plan);
  }
}

/** What a reader of the rates should know before proposing them. */
function warningsOf({ rates, sample }: Findings, labels: readonly string[]): EvidenceWarning[] {
  const warnings: EvidenceWarning[] = [];
  if (sample.receivables === 0) warnings.push({ code: 'sample-empty', detail: 'No receivable of the kind is in the window.' });
  const defined = rates.flatMap(({ segment, bucket, rate }): LossRate[] => (rate === null ? [] : [{ segment, bucket, rate }]));
  warnings.push(...lossRateWarnings(defined, labels));
  const flagged = (flag: string): string =>
    rates
      .filter(({ flags }) => flags.includes(flag))
      .map(({ bucket }) => `'${bucket}'`)
      .join(', ');
  if (flagged('undefined') !== '') {
    warnings.push({ code: 'rate-undefined', detail: `Nothing was there to lose, so there is no rate for ${flagged('undefined')}.` });
  }
  if (flagged('above-one') !== '')
    warnings.push({ code: 'rate-above-one', detail: `More rolled than there was for ${flagged('above-one')}.` });
  if (flagged('unclassified') !== '') {
    const detail = `Settlements nobody has classified leave the rates between low and high for ${flagged('unclassified')}.`;
    warnings.push({ code: 'unclassified-settlements', detail });
  }
  return warnings;
}

@QueryHandler(ListEvidenceReceivablesQuery)
export class ListEvidenceReceivablesHandler implements IQueryHandler<ListEvidenceReceivablesQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, request }: ListEvidenceReceivablesQuery): Promise<EvidenceReceivables> {
    const plan = await planEvidence(this.store, this.queries, tenantId, request);
    const reader = new SampleReader(plan);
    const labels = plan.scheme.buckets.map(({ label }) => label);
    const items: EvidenceReceivable[] = [];
    let after = request.after === undefined ? 0n : request.after.receivableNo - 1n;
    const { position } = plan.book;
    while (items.length < request.limit) {
      const page = await this.queries.execute(new ReadReceivableHistoriesQuery(tenantId, { position, after }));
      for (const history of page.items) {
        for (const flow of reader.flowsOf(history)) {
          if (
            request.after !== undefined &&
            history.receivableNo === request.after.receivableNo &&
            flow.periodIndex <= request.after.periodIndex
          )
            continue;
          if (items.length === request.limit) break;
          const rows = rowsBehind(plan, reader, flow, labels);
          const [first] = rows;
          if (first === undefined || (request.fromBucket !== undefined && !rows.includes(request.fromBucket))) continue;
          const item = receivableOf(flow, request.fromBucket ?? first, labels);
          if (request.toBucket === undefined || isIn(item, request.toBucket)) items.push(item);
        }
      }
      if (page.next === null) break;
      after = page.next;
    }
    return { asOf: request.asOf, knownAt: plan.knownAt, position, items };
  }
}

/**
 * The rows a receivable is behind: of what moves between buckets the one it started in; of a payment profile every bucket it was still owed in
 * on entering; of a vintage the cohort, named by the day before its first; of losses on sales whether it is a sale or an older claim.
 */
function rowsBehind(plan: EvidencePlan, reader: SampleReader, sample: SampleFlow, labels: readonly string[]): string[] {
  const { history, from, flow, period } = sample;
  const row = typeof from === 'number' ? (labels[from] ?? '') : from;
  const isSale = history.recognisedOn > plan.window.from && history.recognisedOn <= plan.window.to && history.takenOn === null;
  switch (plan.request.method) {
    case 'roll-rate':
    case 'markov':
      return [row];
    case 'payment-profile': {
      const member = isSale ? plan.book.memberAt(history, plan.filter, period.to) : null;
      if (member === null) return [];
      return bucketsEntered(paidByAge(plan, reader, history, member)).map((bucket) => labels[bucket] ?? '');
    }
    case 'vintage': {
      const cohort = plan.periods[periodOf(plan, history.recognisedOn) ?? -1];
      return isSale && cohort !== undefined ? [cohort.from] : [];
    }
    case 'loss-on-sales': {
      const isLoss = flow.writtenOff !== 0n || flow.unclassified !== 0n || sample.recovered !== 0n;
      return isSale || isLoss ? [row] : [];
    }
  }
}

function receivableOf(
  { history, period, periodIndex, flow, segment, to }: SampleFlow,
  row: string,
  labels: readonly string[],
): EvidenceReceivable {
  return {
    ...{ receivableNo: history.receivableNo, periodIndex, receivableId: history.receivableId, debtorId: history.debtorId },
    ...{ currency: history.currency, segment, period, ...flow },
    fromBucket: row,
    toBucket: flow.closing === 0n ? null : (labels[to] ?? ''),
  };
}

function isIn(item: EvidenceReceivable, column: string): boolean {
  return item.toBucket === column || FLOW_PARTS.some((part) => part === column && item[part] !== 0n);
}
