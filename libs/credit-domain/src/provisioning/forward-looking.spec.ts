import { claim, matrixOf, measured, scenarios } from './engine.fixture';
import { appliedRate } from './index';

const single = (scalar: string, over: Parameters<typeof scenarios>[0] = {}) =>
  scenarios({ scenarios: [{ name: 'only', weight: '1', scalar }], ...over });

describe('rates after scenarios', () => {
  it('are capped after scaling and then weighted: 0.8 under scalars 1 and 1.5 is 0.88, not 0.96', () => {
    expect(appliedRate('0.8', scenarios())).toBe('0.88');
  });

  it('stay 1 where the policy calls a full rate a judgement, and fall where it calls it an estimate', () => {
    expect(appliedRate('1', single('0.9'))).toBe('1');
    expect(appliedRate('1', single('0.9', { keepFullRates: false }))).toBe('0.9');
  });

  it('keep every digit without scenarios: exact rates of a filing must come out as they went in', () => {
    expect(appliedRate('0.3', null)).toBe('0.3');
    expect(appliedRate('0.300', null)).toBe('0.300');
  });

  it('are printed beside the rate before them, so that a reader sees what the scenarios did', () => {
    const [line] = measured({
      collective: [claim({ bucket: 1 })],
      measures: [matrixOf({ forwardLooking: scenarios() })],
    }).result.collective.filter(({ gross }) => gross > 0n);
    expect(line).toMatchObject({ baseRate: '0.125', rate: '0.15', allowance: 1_500n });
  });

  it('do not touch an individual assessment but show what the matrix would give under them', () => {
    const { result } = measured({
      measures: [matrixOf({ forwardLooking: single('1.2') })],
      individual: [{ ...claim({ bucket: 1 }), debtorId: 'D9' }],
      assessments: [
        {
          ...{ assessmentId: 'A1', debtorId: 'D9', effectiveOn: '2024-01-01', endsOn: null, kinds: null, entityId: null, lossRate: '0.5' },
          ...{
            scenarios: null,
            scenarioCurrency: null,
            discountRate: null,
            reason: 'x',
            evidence: 'file 7',
            release: false,
            approvedAt: 1n,
          },
        },
      ],
    });
    expect(result.individual).toMatchObject([{ rate: '0.5', allowance: 5_000n, matrixAllowance: 1_500n, evidence: 'file 7' }]);
    expect(result.individualAgeing).toMatchObject([{ kind: 'trade', segment: 'std', bucket: '1-30', gross: 10_000n }]);
  });

  it('that lower losses although the driver worsened are told (B5.5.52)', () => {
    const codes = (set: ReturnType<typeof single>) =>
      measured({ collective: [claim()], measures: [matrixOf({ forwardLooking: set })] }).result.warnings.map(({ code }) => code);
    expect(codes(single('0.9', { driverWorsened: true }))).toEqual(['forward-looking-direction']);
    expect(codes(single('0.9'))).toEqual([]);
    expect(codes(single('1.1', { driverWorsened: true }))).toEqual([]);
  });
});
