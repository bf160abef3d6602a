import type { NoteFacts, ShareFact } from './note-facts';

const share = (kind: string, gross: bigint, allowance: bigint, more: Partial<ShareFact> = {}): ShareFact => ({
  ...{ kind, class: '', related: false, side: 'collective', stage: null },
  ...{ gross, allowance, ...more },
});

/** A small book with something in every table. */
export const NOTE_FACTS: NoteFacts = {
  asOf: '2024-12-31',
  currency: 'CNY',
  shares: [
    share('trade', 700_000n, 70_049n),
    share('trade', 50_000n, 5_000n, { related: true }),
    share('trade', 150_000n, 120_000n, { side: 'individual' }),
    share('note_bank', 80_000n, 80n),
    share('note_commercial', 40_000n, 40_000n),
    share('contract_asset', 30_000n, 5_000n, { class: 'current' }),
    share('contract_asset', 20_000n, 3_000n, { class: 'non-current' }),
    share('other', 60_000n, 300n, { class: 'deposits', side: 'staged', stage: 1 }),
    share('other', 10_000n, 900n, { class: 'deposits', side: 'staged', stage: 2 }),
    share('other', 90_000n, 81_000n, { class: 'payments', side: 'staged', stage: 3 }),
  ],
  matrix: [
    { kind: 'trade', segment: 'retail', bucket: 'young', gross: 500_000n, allowance: 25_000n },
    { kind: 'trade', segment: 'public', bucket: 'young', gross: 100_000n, allowance: 5_000n },
    { kind: 'trade', segment: 'retail', bucket: 'old', gross: 150_000n, allowance: 45_000n },
  ],
  bucketLabels: new Map([['trade', ['young', 'old', 'oldest']]]),
  individual: [
    { kind: 'trade', reason: 'insolvent', gross: 100_000n, allowance: 90_000n, matrixAllowance: 95_000n },
    { kind: 'trade', reason: 'dispute', gross: 50_000n, allowance: 30_000n, matrixAllowance: null },
  ],
  overlays: [{ overlayId: 'O1', kind: 'trade', reason: 'flood', amount: 49n }],
  segments: [
    { segment: 'retail', gross: 650_000n, allowance: 70_000n },
    { segment: 'public', gross: 250_000n, allowance: 125_000n },
  ],
  nonFinancial: [{ class: 'input-vat', gross: 33_000n }],
  tradeAgeing: {
    labels: ['young', 'old'],
    cells: [
      { kind: 'trade', assessed: false, bucket: 0, gross: 600_000n },
      { kind: 'trade', assessed: false, bucket: 1, gross: 150_000n },
      { kind: 'trade', assessed: true, bucket: 1, gross: 150_000n },
    ],
  },
  notesAgeing: {
    labels: ['up to 6 months', 'over 1 year'],
    cells: [
      { kind: 'note_bank', assessed: false, bucket: 0, gross: 80_000n },
      { kind: 'note_commercial', assessed: false, bucket: 1, gross: 40_000n },
    ],
  },
  byCurrency: [
    { currency: 'CNY', kind: 'trade', gross: 800_000n, allowance: 180_000n },
    { currency: 'USD', kind: 'trade', gross: 100_000n, allowance: 15_049n },
    { currency: 'CNY', kind: 'note_bank', gross: 80_000n, allowance: 80n },
    { currency: 'CNY', kind: 'note_commercial', gross: 40_000n, allowance: 40_000n },
    { currency: 'CNY', kind: 'other', gross: 160_000n, allowance: 82_200n },
    { currency: 'CNY', kind: 'contract_asset', gross: 50_000n, allowance: 8_000n },
    { currency: 'CNY', kind: 'non_financial', gross: 33_000n, allowance: 0n },
  ],
  concentration: [
    {
      scope: 'trade',
      total: 900_000n,
      largest: [
        { debtorId: 'D1', gross: 300_000n },
        { debtorId: 'D2', gross: 100_000n },
      ],
    },
  ],
  writtenOff: {
    since: '2023-12-31',
    register: [{ currency: 'CNY', inPeriod: 7_000n, inPeriodEnforceable: 6_000n, total: 9_000n, recovered: 1_000n, enforceable: 7_500n }],
  },
  movements: {
    allowanceBySide: {
      from: '2023-12-31',
      columns: [
        { id: 'collective', label: 'Collective' },
        { id: 'individual', label: 'Individual' },
      ],
      opening: { collective: 90_000n, individual: 60_000n },
      legs: [
        { cause: 'write-offs', amounts: { collective: -7_000n, individual: 0n } },
        { cause: 'collective-to-individual', amounts: { collective: -60_000n, individual: 60_000n } },
        { cause: 'ageing', amounts: { collective: 52_049n, individual: 0n } },
      ],
      closing: { collective: 75_049n, individual: 120_000n },
    },
    allowanceByKind: {
      from: '2023-12-31',
      columns: [{ id: 'trade', label: 'Trade receivables' }],
      opening: { trade: 150_000n },
      legs: [{ cause: 'ageing', amounts: { trade: 45_049n } }],
      closing: { trade: 195_049n },
    },
    grossByKind: {
      from: '2023-12-31',
      columns: [{ id: 'trade', label: 'Trade receivables' }],
      opening: { trade: 800_000n },
      legs: [{ cause: 'new-receivables', amounts: { trade: 100_000n } }],
      closing: { trade: 900_000n },
    },
  },
};
