import type { StoredEvent } from '@app/event-store';
import type { ProvisionOutput } from '../calculate/calculate-provision';
import type { SnapshotOutput } from '../calculate/take-snapshot';
import { closeOutcome, type CloseFigures } from './close-outcome';
import { foldClose, type CloseState } from './close.fold';

const ASKED = { type: 'CloseRequested', data: { closeId: '2024-12-31', asOf: '2024-12-31', position: 10 } };

function closeAfter(...recorded: { type: string; data: object }[]): CloseState {
  const events = [ASKED, ...recorded].map(
    ({ type, data }, index) =>
      ({
        type,
        data,
        version: index + 1,
        position: BigInt(20 + index),
        principalId: 'p',
        correlationId: 'c',
        recordedAt: new Date(0),
      }) as unknown as StoredEvent,
  );
  const close = foldClose(events);
  if (close === null) throw new Error('the close was asked for');
  return close;
}

const snapshotOf = (total: string): SnapshotOutput => ({
  currency: 'CNY',
  total,
  byAge: [
    {
      scheme: 'months-6-12-24-36-48',
      basis: 'recognition',
      buckets: [{ label: 'Over', upTo: null, amount: total }],
      total,
      groups: [{ kind: 'trade', segment: '', collective: [total], individual: ['0'] }],
      debtors: null,
    },
  ],
  concentration: null,
});
const provisionOf = (allowance: string, gross = '1000'): ProvisionOutput => {
  const line = {
    segment: '',
    bucket: 'Over',
    ...{ rate: '0.5', baseRate: '0.5', uncoveredRate: '0.5', enhancementId: null, debtorId: null, insured: '0' },
    currency: 'CNY',
    presentationGross: gross,
    presentationAllowance: allowance,
    gross,
    allowance,
  };
  const none = { gross: '0', allowance: '0' };
  const figures = { gross, allowance, collective: { gross, allowance }, individual: none, staged: none, overlays: '0' };
  const matrices = [{ kind: 'trade', scheme: 's', lossRateSetId: 'a' }];
  const policies = { stagings: [], stageAssignmentIds: [], forwardLooking: [], overlayIds: [], enhancementIds: [], assessmentIds: [] };
  return {
    currency: 'CNY',
    inputs: { engineVersion: '2', matrices, ...policies, fxRates: [] },
    ...{ staged: [], individualAgeing: [], overlays: [], reimbursements: [], shares: [], carryingByCurrency: [] },
    collective: [
      { entityId: 'main', kind: 'trade', ...line },
      { entityId: 'hk', kind: 'trade', ...line },
    ],
    individual: [],
    totals: [{ kind: 'trade', ...figures }],
    total: figures,
    warnings: [],
  };
};
const problem = { code: 'loss-rate-missing', detail: 'none', errors: [] };
const figures = (total: string, allowance: string | null, hash = 'h'): CloseFigures => ({
  snapshot: { ok: true, value: snapshotOf(total) },
  provision: allowance === null ? { ok: false, problem } : { ok: true, value: { output: provisionOf(allowance), hash } },
});
const typesOf = (events: readonly { type: string }[]): string[] => events.map(({ type }) => type);

describe('what a close records', () => {
  it('an asked-for close takes one snapshot and one provision and ends', () => {
    const events = closeOutcome(closeAfter(), 30n, figures('2000', '500'));
    expect(typesOf(events)).toEqual(['AgeingSnapshotTaken', 'ProvisionRecomputed', 'CloseCompleted']);
    expect(events[1]?.data['buckets']).toEqual([
      { kind: 'trade', scheme: 's', segment: '', bucket: 'Over', rate: '0.5', gross: '2000', allowance: '1000' },
    ]);
  });

  const done = closeOutcome(closeAfter(), 30n, figures('2000', '500'));

  it('a recomputation that finds the same figures at a later position, under another set of the same rates, says nothing: alerts must not look at it', () => {
    const later = figures('2000', '500', 'another hash');
    expect(closeOutcome(closeAfter(...done), 99n, later)).toEqual([]);
  });

  it('asked for again with nothing changed, it ends without a second snapshot', () => {
    expect(typesOf(closeOutcome(closeAfter(...done, ASKED), 99n, figures('2000', '500')))).toEqual(['CloseCompleted']);
  });

  it('a recomputation records only what changed', () => {
    expect(typesOf(closeOutcome(closeAfter(...done), 99n, figures('2000', '501')))).toEqual(['ProvisionRecomputed', 'CloseCompleted']);
    expect(typesOf(closeOutcome(closeAfter(...done), 99n, figures('2001', '500')))).toEqual(['AgeingSnapshotTaken', 'CloseCompleted']);
  });

  it('without loss rates the snapshot is still taken, and the close says why it has no provision', () => {
    const events = closeOutcome(closeAfter(), 30n, figures('2000', null));
    expect(typesOf(events)).toEqual(['AgeingSnapshotTaken', 'CloseCompleted']);
    expect(closeAfter(...events)).toMatchObject({ pending: false, provision: null, provisionProblem: problem, failure: null });
    expect(closeOutcome(closeAfter(...events), 99n, figures('2000', null))).toEqual([]);
  });

  it('rates approved later complete it', () => {
    const before = closeOutcome(closeAfter(), 30n, figures('2000', null));
    const events = closeOutcome(closeAfter(...before), 99n, figures('2000', '500'));
    expect(typesOf(events)).toEqual(['ProvisionRecomputed', 'CloseCompleted']);
    expect(closeAfter(...before, ...events).provisionProblem).toBeNull();
  });

  it('a figure that cannot be computed any more is not shown as if it still held', () => {
    const events = closeOutcome(closeAfter(...done), 99n, figures('2000', null));
    expect(typesOf(events)).toEqual(['CloseCompleted']);
    expect(closeAfter(...done, ...events).provisionProblem).toEqual(problem);
  });

  it('a missing exchange rate fails the close once, however often it is tried, and the rate heals it', () => {
    const without: CloseFigures = { snapshot: { ok: false, problem }, provision: { ok: false, problem } };
    const failed = closeOutcome(closeAfter(), 30n, without);
    expect(typesOf(failed)).toEqual(['CloseFailed']);
    expect(closeAfter(...failed)).toMatchObject({ pending: false, failure: problem });
    expect(closeOutcome(closeAfter(...failed), 99n, without)).toEqual([]);
    expect(typesOf(closeOutcome(closeAfter(...failed), 99n, figures('2000', '500')))).toEqual([
      'AgeingSnapshotTaken',
      'ProvisionRecomputed',
      'CloseCompleted',
    ]);
  });
});
