import { carryingCells, GROSS_ALLOWANCE_NET, NET_ACROSS } from './carrying-amounts.tables';
import { kindLabel } from './labels';
import type { MatrixFact, NoteFacts, ShareFact } from './note-facts';
import type { Cell, Column, DisclosureTable, Row } from './table';
import { amount, amountColumn, assertExact, minorOf, rate, rateColumn, sumRow, text, textColumn } from './table';

const RATE_GROSS_ALLOWANCE: readonly Column[] = [
  rateColumn('rate', 'Loss rate'),
  amountColumn('gross', 'Gross'),
  amountColumn('allowance', 'Loss allowance'),
];

interface Amounts {
  readonly gross: bigint;
  readonly allowance: bigint;
}

function ratedCells(parts: readonly Amounts[]): Readonly<Record<string, Cell>> {
  const { gross, allowance } = totalOf(parts);
  return { rate: rate(allowance, gross), gross: amount(gross), allowance: amount(allowance) };
}

const totalOf = (parts: readonly Amounts[]): Amounts => ({
  gross: parts.reduce((sum, part) => sum + part.gross, 0n),
  allowance: parts.reduce((sum, part) => sum + part.allowance, 0n),
});

const withRate = (row: Row): Row => ({ ...row, cells: { ...row.cells, rate: rate(minorOf(row, 'allowance'), minorOf(row, 'gross')) } });

/** One matrix for each kind the run measured by one (IFRS 7 35N): the run's own lines, then what stands beside the matrix. */
export function provisionMatrixTables(facts: NoteFacts): DisclosureTable[] {
  return [...facts.bucketLabels].map(([kind, labels]) => provisionMatrixTable(facts, kind, labels));
}

export const matrixTableId = (kind: string): string => `provision-matrix-${kind.replaceAll('_', '-')}`;

function provisionMatrixTable(facts: NoteFacts, kind: string, labels: readonly string[]): DisclosureTable {
  const ofKind = facts.matrix.filter((line) => line.kind === kind);
  const line = (key: string, label: string, parts: readonly Amounts[]): Row => ({
    ...{ key, label, role: 'line', sums: [] },
    cells: ratedCells(parts),
  });
  const buckets = labels.map((label) =>
    line(
      label,
      label,
      ofKind.filter(({ bucket }) => bucket === label),
    ),
  );
  const collective = withRate(
    sumRow({ key: 'collective', label: 'Collectively assessed', role: 'subtotal' }, buckets, RATE_GROSS_ALLOWANCE),
  );
  const individual = line(
    'individual',
    'Individually impaired',
    facts.individual.filter((fact) => fact.kind === kind),
  );
  const overlays = facts.overlays.filter((overlay) => overlay.kind === kind).map(({ amount: allowance }) => ({ gross: 0n, allowance }));
  const beside = [collective, individual, ...(overlays.length === 0 ? [] : [line('overlays', 'Overlays', overlays)])];
  return assertExact({
    id: matrixTableId(kind),
    title: `Provision matrix: ${kindLabel(kind).toLowerCase()}`,
    source: 'IFRS 7 35N; IFRS 9 B5.5.35',
    basis: 'The lines of the run. A rate is allowance over gross; a bucket without exposure has none.',
    columns: RATE_GROSS_ALLOWANCE,
    rows: [...buckets, ...beside, withRate(sumRow({ key: 'total', label: 'Total', role: 'total' }, beside, RATE_GROSS_ALLOWANCE))],
    across: [],
  });
}

/** The same lines by segment: groups of shared risk characteristics have rates of their own (IFRS 7 35N, IFRS 9 B5.5.5). */
export function matrixBySegmentTable({ matrix, bucketLabels }: NoteFacts): DisclosureTable {
  const place = (line: MatrixFact): number => bucketLabels.get(line.kind)?.indexOf(line.bucket) ?? -1;
  const groups = new Map<string, MatrixFact[]>();
  const ordered = [...matrix].sort(
    (left, right) => compare(left.kind, right.kind) || compare(left.segment, right.segment) || place(left) - place(right),
  );
  for (const line of ordered) {
    const key = `${line.kind}/${line.segment}/${line.bucket}`;
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  const rows = [...groups].map(([key, lines]): Row => {
    const { kind = '', segment = '', bucket = '' } = lines[0] ?? {};
    const label = `${kindLabel(kind)}, ${segment === '' ? 'no segment' : segment}: ${bucket}`;
    return { key, label, role: 'line', sums: [], cells: ratedCells(lines) };
  });
  return assertExact({
    id: 'provision-matrix-segments',
    title: 'Provision matrix by segment',
    source: 'IFRS 7 35N, IFRS 9 B5.5.5',
    basis: 'Collectively assessed, by segment and bucket.',
    columns: RATE_GROSS_ALLOWANCE,
    rows: [...rows, withRate(sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, RATE_GROSS_ALLOWANCE))],
    across: [],
  });
}

/** Individually assessed exposure by kind and reason, with what the matrix would give on the same items. */
export function individuallyImpairedTable({ individual }: NoteFacts): DisclosureTable {
  const columns = [...RATE_GROSS_ALLOWANCE, amountColumn('matrix', 'Allowance by the matrix'), textColumn('remark', 'Remark')];
  const groups = new Map<string, (typeof individual)[number][]>();
  for (const fact of individual) {
    const key = `${fact.kind}/${fact.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  const rows = [...groups]
    .sort(([left], [right]) => compare(left, right))
    .map(([key, facts]): Row => {
      const { kind = '', reason = '' } = facts[0] ?? {};
      const byMatrix = facts.reduce((sum, { matrixAllowance }) => sum + (matrixAllowance ?? 0n), 0n);
      const unknown = facts.filter(({ matrixAllowance }) => matrixAllowance === null).length;
      const remark = unknown > 0 ? `no matrix rate for ${String(unknown)}` : totalOf(facts).allowance < byMatrix ? 'below the matrix' : '';
      return {
        ...{ key, label: `${kindLabel(kind)}: ${reason}`, role: 'line', sums: [] },
        cells: { ...ratedCells(facts), matrix: amount(byMatrix), remark: text(remark) },
      };
    });
  return assertExact({
    id: 'individually-impaired',
    title: 'Individually impaired receivables',
    source: 'IFRS 7 35F(b), 35M(b); IFRS 9 B5.5.33',
    basis: 'Debtors taken out of the matrix as a whole. The matrix column says what the collective rates would give on the same items.',
    columns,
    rows: [...rows, withRate(sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, columns))],
    across: [],
  });
}

const GRADES: readonly {
  readonly key: string;
  readonly label: string;
  readonly measure: string;
  readonly holds: (share: ShareFact) => boolean;
}[] = [
  {
    ...{ key: 'collective', label: 'not individually impaired', measure: 'lifetime, simplified' },
    holds: ({ side }) => side === 'collective',
  },
  { key: 'stage-1', label: 'stage 1', measure: '12 months', holds: ({ side, stage }) => side === 'staged' && stage === 1 },
  {
    ...{ key: 'stage-2', label: 'stage 2, not credit-impaired', measure: 'lifetime' },
    holds: ({ side, stage }) => side === 'staged' && stage === 2,
  },
  {
    ...{ key: 'stage-3', label: 'stage 3, credit-impaired', measure: 'lifetime' },
    holds: ({ side, stage }) => side === 'staged' && stage === 3,
  },
  { key: 'individual', label: 'individually impaired', measure: 'lifetime, credit-impaired', holds: ({ side }) => side === 'individual' },
];

/** Gross carrying amounts by the way the loss is measured and whether it is credit-impaired (IFRS 7 35M). */
export function creditRiskTable({ shares }: NoteFacts): DisclosureTable {
  const kinds = [...new Set(shares.map(({ kind }) => kind))];
  const columns = [textColumn('measure', 'Expected credit loss'), ...GROSS_ALLOWANCE_NET];
  const rows = kinds.flatMap((kind) =>
    GRADES.flatMap(({ key, label, measure, holds }): Row[] => {
      const parts = shares.filter((share) => share.kind === kind && holds(share));
      if (parts.length === 0) return [];
      const cells = { measure: text(measure), ...carryingCells(parts) };
      return [{ key: `${kind}/${key}`, label: `${kindLabel(kind)}: ${label}`, role: 'line', sums: [], cells }];
    }),
  );
  return assertExact({
    id: 'credit-risk',
    title: 'Credit risk grades and stages',
    source: 'IFRS 7 35M',
    basis: 'Simplified approach for trade, notes and contract assets (IFRS 9 5.5.15); three stages for other receivables (5.5.3, 5.5.5).',
    columns,
    rows: [...rows, sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, columns)],
    across: NET_ACROSS,
  });
}

const AMOUNT: readonly Column[] = [amountColumn('amount', 'Amount')];

export function overlaysTable({ overlays }: NoteFacts): DisclosureTable {
  const rows = overlays.map(({ overlayId, kind, reason, amount: minor }): Row => ({
    ...{ key: overlayId, label: `${kindLabel(kind)}: ${reason}`, role: 'line', sums: [] },
    cells: { amount: amount(minor) },
  }));
  return assertExact({
    id: 'overlays',
    title: 'Overlays within the allowance',
    source: 'IFRS 7 35G(c)',
    basis: 'Signed adjustments beside the model, each approved and with an end.',
    columns: AMOUNT,
    rows: [...rows, sumRow({ key: 'total', label: 'Total', role: 'total' }, rows, AMOUNT)],
    across: [],
  });
}

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
