import type { HistoryStep, ReceivableHistory } from '../exposure';
import { outstandingAt } from '../exposure';
import type { Period } from './period-ends';

/**
 * What became of one receivable within a period, in minor units of its currency. Every part is zero or more and
 * `opening + raised = closing + collected + credited + writtenOff + disposed + unclassified + reclassified`.
 */
export interface ReceivableFlow {
  readonly opening: bigint;
  /** recognised in the period, or owed again: bounced payments, refunds, adjustments upwards. */
  readonly raised: bigint;
  /** payments and allocated credit, net of what was taken back. */
  readonly collected: bigint;
  /** credit notes and adjustments: a matter of revenue, neither cash nor credit loss. */
  readonly credited: bigint;
  readonly writtenOff: bigint;
  readonly disposed: bigint;
  /** settled in a way nobody has told yet. */
  readonly unclassified: bigint;
  /** still owed at the end, but under another kind or entity. */
  readonly reclassified: bigint;
  readonly closing: bigint;
}

export const FLOW_PARTS = ['collected', 'credited', 'writtenOff', 'disposed', 'unclassified', 'reclassified'] as const;
export type FlowPart = (typeof FLOW_PARTS)[number];

/** A write-off is no collection and a disposal tells nothing about collectability (domain reference 4 and 7.1; policy, movements). */
const PART_OF_TYPE: Readonly<Record<string, FlowPart>> = {
  payment: 'collected',
  payment_reversal: 'collected',
  refund: 'collected',
  allocation: 'collected',
  credit_note: 'credited',
  adjustment: 'credited',
  write_off: 'writtenOff',
  disposal: 'disposed',
  unclassified: 'unclassified',
};

/** The part of a flow a movement belongs to. What has no part of its own is a change of the claim, not of its credit risk. */
export function flowPartOf(movementType: string): FlowPart {
  return PART_OF_TYPE[movementType] ?? 'credited';
}

/** What happened to a receivable within a period, as known at a position. */
export function stepsWithin(
  { steps }: ReceivableHistory,
  { from, to }: { readonly from: string; readonly to: string },
  position: bigint,
): HistoryStep[] {
  return steps.filter((step) => step.position <= position && step.effectiveOn > from && step.effectiveOn <= to);
}

/**
 * The flow of a receivable through a period as known at a position. `leaves` says that at the end it stands under another kind or entity:
 * its closing balance is then `reclassified`.
 */
export function flowOf(history: ReceivableHistory, period: Period, position: bigint, leaves = false): ReceivableFlow {
  const opening = outstandingAt(history, { asOf: period.from, position });
  const closing = outstandingAt(history, { asOf: period.to, position });
  const net: Record<FlowPart, bigint> = { collected: 0n, credited: 0n, writtenOff: 0n, disposed: 0n, unclassified: 0n, reclassified: 0n };
  let raised = 0n;
  const known = history.position <= position;
  if (known && history.recognisedOn > period.from && history.recognisedOn <= period.to) raised += history.amount;
  for (const step of known ? stepsWithin(history, period, position) : []) net[flowPartOf(step.type)] -= step.gross;
  for (const part of FLOW_PARTS) {
    if (net[part] >= 0n) continue;
    raised -= net[part];
    net[part] = 0n;
  }
  if (leaves) net.reclassified += closing;
  const flow = { opening, raised, ...net, closing: leaves ? 0n : closing };
  assertFooting(flow, history.receivableId);
  return flow;
}

function assertFooting(flow: ReceivableFlow, receivableId: string): void {
  const out = FLOW_PARTS.reduce((sum, part) => sum + flow[part], flow.closing);
  if (flow.opening + flow.raised !== out) {
    throw new Error(
      `The flow of receivable '${receivableId}' does not foot: ${String(flow.opening + flow.raised)} against ${String(out)}.`,
    );
  }
}

/** A row of a migration table: what stood in one bucket at the start, or what came in during the period. */
export interface MigrationRow {
  opening: bigint;
  raised: bigint;
  collected: bigint;
  credited: bigint;
  writtenOff: bigint;
  disposed: bigint;
  unclassified: bigint;
  reclassified: bigint;
  /** by bucket of the scheme at the end. */
  readonly closing: bigint[];
  receivables: number;
}

/** What moved from bucket to bucket between two dates. Rows by bucket; amounts of one currency. */
export interface MigrationTable {
  readonly period: Period;
  readonly rows: readonly MigrationRow[];
  /** recognised within the period. */
  readonly added: MigrationRow;
  /** taken on without its history, or come from another kind or entity within the period: no part of any roll. */
  readonly arrived: MigrationRow;
}

export function emptyRow(buckets: number): MigrationRow {
  return {
    ...{ opening: 0n, raised: 0n, collected: 0n, credited: 0n, writtenOff: 0n, disposed: 0n, unclassified: 0n, reclassified: 0n },
    closing: Array.from({ length: buckets }, () => 0n),
    receivables: 0,
  };
}

export function emptyTable(period: Period, buckets: number): MigrationTable {
  return {
    period,
    rows: Array.from({ length: buckets }, () => emptyRow(buckets)),
    added: emptyRow(buckets),
    arrived: emptyRow(buckets),
  };
}

/** Adds one receivable's flow to its row; the bucket it ends in counts only while something is owed. */
export function addFlow(row: MigrationRow, flow: ReceivableFlow, closingBucket: number): void {
  row.opening += flow.opening;
  row.raised += flow.raised;
  for (const part of FLOW_PARTS) row[part] += flow[part];
  row.closing[closingBucket] = (row.closing[closingBucket] ?? 0n) + flow.closing;
  row.receivables += 1;
}

/**
 * Adds a row with every part put through `convert` (translation). The parts are converted one by one and the opening is what they make up, so
 * the converted row foots as well.
 */
export function addRow(target: MigrationRow, source: MigrationRow, convert: (minor: bigint) => bigint = (minor) => minor): void {
  const closing = source.closing.map(convert);
  const raised = convert(source.raised);
  let out = closing.reduce((sum, amount) => sum + amount, 0n);
  closing.forEach((amount, bucket) => (target.closing[bucket] = (target.closing[bucket] ?? 0n) + amount));
  for (const part of FLOW_PARTS) {
    const converted = convert(source[part]);
    target[part] += converted;
    out += converted;
  }
  // What came in during the period has no opening: there the parts make up what was raised.
  if (source.opening === 0n) target.raised += out;
  else {
    target.raised += raised;
    target.opening += out - raised;
  }
  target.receivables += source.receivables;
}
