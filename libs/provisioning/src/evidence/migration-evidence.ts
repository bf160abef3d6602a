import type { MigrationRow, MigrationTable, Period, RollRates } from '@app/credit-domain';
import { addFlow, addRow, emptyTable, FLOW_PARTS, markovRates, Ratio, rateText, rollRates } from '@app/credit-domain';
import { countingOf, refusingFaults, rowSegment, segmentsOf, type EvidencePlan } from './evidence-plan';
import type { EvidenceMatrix, EvidenceMigration, EvidenceRate, EvidenceRoll, EvidenceRow, EvidenceWarning } from './evidence.query';
import { noFindings, rateTexts, type Findings } from './findings';
import { ARRIVED_ROW, NEW_ROW, SampleReader } from './sample-flows';

/** Roll rates and chains: both count what moved from bucket to bucket within each period, in constant currency. */
export async function migrationEvidence(plan: EvidencePlan): Promise<Findings> {
  const tables = await migrationTables(plan);
  const found = noFindings();
  found.warnings.push(...historyWarnings(tables));
  for (const segment of segmentsOf(plan, tables.values())) {
    const counted = tables.get(segment)?.tables;
    found.migrations.push(...(counted ?? []).map((table) => migrationOf(plan, segment, table)));
    const own = counted ?? plan.periods.map((period) => emptyTable(period, plan.scheme.buckets.length));
    for (const row of own.flatMap(({ rows }) => rows)) {
      found.sample.receivables += row.receivables;
      found.sample.amount += row.opening;
    }
    if (plan.request.method === 'markov') addChain(plan, segment, own, found);
    else addRolls(plan, segment, own, found);
  }
  return found;
}

interface SegmentTables {
  readonly segment: string;
  readonly tables: MigrationTable[];
  /** receivables taken on without their history after the start of a period. */
  withoutHistory: number;
}

async function migrationTables(plan: EvidencePlan): Promise<Map<string, SegmentTables>> {
  const reader = new SampleReader(plan);
  const buckets = plan.scheme.buckets.length;
  const counted = new Map<string, { segment: string; currency: string; periodIndex: number; table: MigrationTable }>();
  const withoutHistory = new Map<string, number>();
  for await (const page of plan.book.walk()) {
    for (const history of page) {
      for (const { periodIndex, period, flow, segment: own, from, to } of reader.flowsOf(history)) {
        if (flow.opening === 0n && flow.raised === 0n) continue;
        const segment = rowSegment(plan, own);
        const key = JSON.stringify([segment, history.currency, periodIndex]);
        let cell = counted.get(key);
        if (cell === undefined) {
          cell = { segment, currency: history.currency, periodIndex, table: emptyTable(period, buckets) };
          counted.set(key, cell);
        }
        if (from === ARRIVED_ROW && history.takenOn !== null && history.takenOn > period.from)
          withoutHistory.set(segment, (withoutHistory.get(segment) ?? 0) + 1);
        const row = from === NEW_ROW ? cell.table.added : from === ARRIVED_ROW ? cell.table.arrived : cell.table.rows[from];
        if (row !== undefined) addFlow(row, flow, to);
      }
    }
  }
  const segments = new Map<string, SegmentTables>();
  for (const { segment, currency, periodIndex, table } of counted.values()) {
    const own = segments.get(segment) ?? {
      segment,
      tables: plan.periods.map((period) => emptyTable(period, buckets)),
      withoutHistory: withoutHistory.get(segment) ?? 0,
    };
    segments.set(segment, own);
    const target = own.tables[periodIndex];
    if (target === undefined) continue;
    const translate = await plan.book.translation(table.period.from, plan.currency);
    addTable(target, table, (minor) => translate(minor, currency));
  }
  return segments;
}

function addTable(target: MigrationTable, source: MigrationTable, convert: (minor: bigint) => bigint): void {
  target.rows.forEach((row, index) => {
    const from = source.rows[index];
    if (from !== undefined) addRow(row, from, convert);
  });
  addRow(target.added, source.added, convert);
  addRow(target.arrived, source.arrived, convert);
}

function historyWarnings(tables: ReadonlyMap<string, SegmentTables>): EvidenceWarning[] {
  const count = [...tables.values()].reduce((sum, { withoutHistory }) => sum + withoutHistory, 0);
  if (count === 0) return [];
  const detail = `${String(count)} receivables were taken on without their history after the start of a period; they are left out of it, because only what survived was taken on.`;
  return [{ code: 'history-missing', detail }];
}

function addRolls(plan: EvidencePlan, segment: string, tables: readonly MigrationTable[], found: Findings): void {
  const { request, groups, scheme } = plan;
  const rolled = rollRates(tables, groups, {
    ...countingOf(request),
    terminalLoss: plan.terminalLoss ?? Ratio.ONE,
  });
  const labelOf = (group: number): string => groups[group]?.label ?? '';
  found.rolls.push(
    ...rolled.steps.map((step): EvidenceRoll => ({
      ...{ segment, from: step.from.map(labelOf), to: labelOf(step.to), ...rateTexts(step, request.rateDecimals), flags: step.flags },
      ...{ numerator: step.numerator, denominator: step.denominator, writtenOff: step.writtenOff, receivables: step.receivables },
      periods: step.periods.map(({ period, rate, numerator, denominator }) => ({
        ...{ from: period.from, to: period.to, rate: rateText(rate, request.rateDecimals), numerator, denominator },
      })),
    })),
  );
  groups.forEach((group, index) => {
    for (const bucket of group.buckets) found.rates.push(rollRateOf(plan, segment, scheme.buckets[bucket]?.label ?? '', rolled, index));
  });
}

function rollRateOf(
  { request }: EvidencePlan,
  segment: string,
  bucket: string,
  { steps, lossRates }: RollRates,
  group: number,
): EvidenceRate {
  const step = steps.find(({ from }) => from.includes(group));
  const isLast = group === lossRates.length - 1;
  const rate = lossRates[group] ?? { rate: null, low: null, high: null };
  const flags = isLast ? ['terminal'] : [...(step?.flags ?? [])];
  if (rate.rate === null && !flags.includes('undefined')) flags.push('undefined');
  if (rate.rate?.exceeds(Ratio.ONE) === true && !flags.includes('above-one')) flags.push('above-one');
  return {
    ...{ segment, bucket, ...rateTexts(rate, request.rateDecimals), flags, receivables: step?.receivables ?? 0 },
    numerator: isLast ? null : (step?.numerator ?? null),
    denominator: isLast ? null : (step?.denominator ?? null),
  };
}

function addChain(plan: EvidencePlan, segment: string, tables: readonly MigrationTable[], found: Findings): void {
  const { request, groups, scheme } = plan;
  const chain = refusingFaults(() => markovRates(tables, groups, { ...countingOf(request), terminalLoss: plan.terminalLoss }));
  const rows = groups.map(({ label }, index): EvidenceMatrix['rows'][number] => ({
    ...{ state: label, base: chain.bases[index] ?? 0n },
    probabilities: chain.matrix[index]?.map((value) => value.toRate()) ?? null,
  }));
  found.matrices.push({ segment, states: chain.states, rows });
  groups.forEach((group, index) => {
    const rate = chain.lossRates[index] ?? { rate: null, low: null, high: null };
    for (const bucket of group.buckets) {
      found.rates.push({
        ...{ segment, bucket: scheme.buckets[bucket]?.label ?? '', ...rateTexts(rate, request.rateDecimals) },
        ...{ numerator: null, denominator: chain.bases[index] ?? 0n },
        receivables: tables.reduce(
          (sum, { rows: own }) => sum + group.buckets.reduce((all, at) => all + (own[at]?.receivables ?? 0), 0),
          0,
        ),
        flags: rate.rate === null ? ['undefined'] : [],
      });
    }
  });
}

function migrationOf({ scheme }: EvidencePlan, segment: string, table: MigrationTable): EvidenceMigration {
  const labels = scheme.buckets.map(({ label }) => label);
  const period: Period = table.period;
  return {
    ...{ segment, from: period.from, to: period.to },
    rows: [
      ...table.rows.map((row, index) => rowOf(row, labels[index] ?? '', labels)),
      rowOf(table.added, NEW_ROW, labels),
      rowOf(table.arrived, ARRIVED_ROW, labels),
    ].filter(({ receivables }) => receivables > 0),
  };
}

/** A row of the answer; that it foots is asserted where it is made. */
function rowOf(row: MigrationRow, from: string, labels: readonly string[]): EvidenceRow {
  const { closing, ...amounts } = row;
  const out = FLOW_PARTS.reduce(
    (sum, part) => sum + amounts[part],
    closing.reduce((sum, amount) => sum + amount, 0n),
  );
  if (amounts.opening + amounts.raised !== out) throw new Error(`The migration of '${from}' does not foot.`);
  return { from, ...amounts, closing: closing.map((amount, index) => ({ bucket: labels[index] ?? '', amount })) };
}
