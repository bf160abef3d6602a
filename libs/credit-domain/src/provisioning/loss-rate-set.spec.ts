import { checkLossRates, lossRateSetInForce, lossRateWarnings, rateFor, type ApprovedLossRateSet, type LossRate } from './index';

const LABELS = ['Current', 'Over'];
const row = (segment: string, bucket: string, rate: string): LossRate => ({ segment, bucket, rate });
const full = [row('*', 'Current', '0.01'), row('*', 'Over', '1')];

describe('checking a proposed set', () => {
  it.each<[string, LossRate[], [string, string][]]>([
    ['a set that covers the scheme', full, []],
    ['a rate of nothing: a nil rate may be supportable', [row('*', 'Current', '0'), row('*', 'Over', '1')], []],
    ['a segment that names some buckets and leaves the rest to all others', [...full, row('vip', 'Current', '0.005')], []],
    ['a percentage sent as a rate', [row('*', 'Current', '6.15'), row('*', 'Over', '1')], [['rate-out-of-range', 'rates[0].rate']]],
    ['a negative rate', [row('*', 'Current', '-0.01'), row('*', 'Over', '1')], [['rate-out-of-range', 'rates[0].rate']]],
    ['an exponent', [row('*', 'Current', '1e-2'), row('*', 'Over', '1')], [['rate-out-of-range', 'rates[0].rate']]],
    ['a bucket of another scheme', [...full, row('*', '1-30', '0.1')], [['unknown-bucket', 'rates[2].bucket']]],
    ['one cell twice', [...full, row('*', 'Over', '0.9')], [['duplicate-rate', 'rates[2].bucket']]],
    ['a hole', [row('std', 'Current', '0.01')], [['bucket-without-rate', 'rates']]],
    [
      'no rates at all',
      [],
      [
        ['bucket-without-rate', 'rates'],
        ['bucket-without-rate', 'rates'],
      ],
    ],
  ])('%s', (_, rates, expected) => {
    expect(checkLossRates(rates, LABELS).map(({ code, field }) => [code, field])).toEqual(expected);
  });

  it('tells of rates that fall with age and accepts them: they occur in audited accounts', () => {
    expect(lossRateWarnings([row('*', 'Current', '0.2'), row('*', 'Over', '0.1')], LABELS)).toMatchObject([{ code: 'rate-not-monotone' }]);
    expect(lossRateWarnings([...full, row('vip', 'Current', '0.9')], LABELS)).toEqual([]);
    expect(lossRateWarnings([...full, row('vip', 'Over', '0.001')], LABELS)).toHaveLength(1);
  });
});

describe('which rate holds', () => {
  it('a segment named in the set uses its own rate, any other the rate for all others, and none is null, not zero', () => {
    const rates = [...full, row('vip', 'Current', '0.005')];
    expect([rateFor(rates, 'vip', 'Current'), rateFor(rates, 'vip', 'Over'), rateFor(rates, 'std', 'Current')]).toEqual([
      '0.005',
      '1',
      '0.01',
    ]);
    expect(rateFor([row('vip', 'Current', '0.005')], 'std', 'Current')).toBeNull();
  });

  const set = (setId: string, effectiveOn: string, approvedAt: bigint, over: Partial<ApprovedLossRateSet> = {}): ApprovedLossRateSet => ({
    setId,
    kind: 'trade',
    scheme: 'a',
    effectiveOn,
    rates: full,
    approvedAt,
    ...over,
  });

  it('the latest effective date not after asOf counts, and on one date the later approval, whatever the order of the log', () => {
    const sets = [set('new', '2025-01-01', 9n), set('mid', '2024-06-30', 3n), set('old', '2024-01-01', 8n), set('mid2', '2024-06-30', 5n)];
    expect(lossRateSetInForce(sets, { kind: 'trade', asOf: '2024-12-31' })?.setId).toBe('mid2');
    expect(lossRateSetInForce(sets, { kind: 'trade', asOf: '2024-06-29' })?.setId).toBe('old');
    expect(lossRateSetInForce(sets, { kind: 'trade', asOf: '2023-12-31' })).toBeNull();
    expect(lossRateSetInForce(sets, { kind: 'note_bank', asOf: '2024-12-31' })).toBeNull();
  });

  it('a run that names a scheme looks only at sets of that scheme', () => {
    const sets = [set('a', '2024-01-01', 1n), set('b', '2024-06-30', 2n, { scheme: 'b' })];
    expect(lossRateSetInForce(sets, { kind: 'trade', asOf: '2024-12-31', scheme: 'a' })?.setId).toBe('a');
    expect(lossRateSetInForce(sets, { kind: 'trade', asOf: '2024-12-31' })?.setId).toBe('b');
    expect(lossRateSetInForce(sets, { kind: 'trade', asOf: '2024-12-31', scheme: 'c' })).toBeNull();
  });
});
