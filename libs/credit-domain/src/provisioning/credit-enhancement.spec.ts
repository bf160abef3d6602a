import { assessmentOfDebtor, claim, inputOf, insurance, matrixOf, measured, stagesOf } from './engine.fixture';
import { collectiveCoverage, expectedCreditLoss } from './index';

const named = (over: Parameters<typeof claim>[0] = {}) => claim({ debtorId: 'D1', bucket: 1, ...over });
const covered = (over: Parameters<typeof measured>[0]) =>
  measured(over).result.collective.filter(({ enhancementId }) => enhancementId !== null);

describe('integral cover', () => {
  it('lowers the insured part to what the provider does not pay, its own risk included', () => {
    // 0.125 x (6,000 x (1 - 0.9 + 0.9 x 0.01) + 4,000) = 0.125 x 4,654 = 581.75
    const [line] = covered({ collective: [named()], enhancements: [insurance()] });
    expect(line).toMatchObject({ enhancementId: 'E1', debtorId: 'D1', insured: 6_000n, gross: 10_000n, allowance: 582n });
    expect([line?.baseRate, line?.uncoveredRate, line?.rate]).toEqual(['0.125', '0.125', '0.058175']);
  });

  it('spreads one limit over all claims of the debtor by gross, not once for each of them', () => {
    const lines = covered({ collective: [named(), named({ bucket: 0, amount: 20_000n })], enhancements: [insurance()] });
    expect(lines.map(({ bucket, insured }) => [bucket, insured])).toEqual([
      ['Current', 4_000n],
      ['1-30', 2_000n],
    ]);
  });

  it('keeps the first loss with the holder', () => {
    const [line] = covered({ collective: [named({ amount: 5_000n })], enhancements: [insurance({ deductible: 2_000n })] });
    expect(line?.insured).toBe(3_000n);
  });

  it('does not count the day after it expired, nor for anybody else', () => {
    expect(covered({ asOf: '2025-01-01', collective: [named()], enhancements: [insurance()] })).toEqual([]);
    expect(covered({ collective: [claim({ bucket: 1, debtorId: 'D2' })], enhancements: [insurance()] })).toEqual([]);
  });

  it('works on stages as on a matrix', () => {
    const { result } = measured({
      collective: [claim({ kind: 'other', debtorId: 'D1', bucket: 2 })],
      enhancements: [insurance({ limit: null })],
    });
    // 0.5 x 10,000 x (1 - 0.9 + 0.009)
    expect(result.staged).toMatchObject([{ enhancementId: 'E1', insured: 10_000n, allowance: 545n }]);
  });

  it('is one for each claim: the later takes the place of the earlier, and the run names the one that lowers nothing', () => {
    const later = insurance({ enhancementId: 'E2', effectiveOn: '2024-06-01', limit: 2_000n });
    const { result } = measured({ collective: [named()], enhancements: [insurance(), later] });
    expect(result.collective.filter(({ insured }) => insured > 0n)).toMatchObject([{ enhancementId: 'E2', insured: 2_000n }]);
    expect(result.warnings).toMatchObject([{ code: 'enhancement-not-applied', detail: expect.stringContaining("'E1'") as unknown }]);
  });

  it('of a debtor assessed individually is left to the assessment, and the run says so', () => {
    const { result } = measured({
      individual: [{ ...claim(), debtorId: 'D1' }],
      assessments: [assessmentOfDebtor({ debtorId: 'D1' })],
      enhancements: [insurance()],
    });
    expect(result.individual).toMatchObject([{ allowance: 5_000n }]);
    expect(result.warnings.map(({ code }) => code)).toEqual(['enhancement-not-applied']);
  });

  it('in another currency is compared at closing rates, and a missing rate refuses the run', () => {
    const [line] = covered({ collective: [named({ amount: 14_400n })], enhancements: [insurance({ currency: 'USD', limit: 1_000n })] });
    expect(line?.insured).toBe(7_200n);
    const outcome = expectedCreditLoss(inputOf({ collective: [named()], enhancements: [insurance({ currency: 'EUR' })] }));
    expect(outcome).toMatchObject({ ok: false, problem: { code: 'fx-rate-missing' } });
  });

  it('gives a single claim the coverage of its line, or the bridge would find a difference nobody can explain', () => {
    const { measure, result } = measured({
      collective: [named(), claim({ bucket: 1 })],
      enhancements: [insurance()],
      measures: [matrixOf(), stagesOf()],
    });
    const place = { entityId: 'main', kind: 'trade', class: '', segment: 'std', bucket: 1 };
    const [line] = result.collective.filter(({ enhancementId }) => enhancementId !== null);
    expect(collectiveCoverage(measure, { ...place, debtorId: 'D1' })).toEqual({ base: '0.125', uncovered: '0.125', applied: line?.rate });
    expect(collectiveCoverage(measure, { ...place, debtorId: 'D2' })?.applied).toBe('0.125');
  });
});

describe('cover outside the terms', () => {
  it('leaves the allowance whole and shows what the provider would pay beside it', () => {
    const { result } = measured({ collective: [named()], enhancements: [insurance({ integral: false })] });
    expect(result.total.allowance).toBe(1_250n);
    // 0.125 x 6,000 x 0.891 = 668.25
    expect(result.reimbursements).toMatchObject([{ enhancementId: 'E1', gross: 10_000n, insured: 6_000n, amount: 668n }]);
  });

  it('counts for a debtor assessed individually as well', () => {
    const { result } = measured({
      individual: [{ ...claim(), debtorId: 'D1' }],
      assessments: [assessmentOfDebtor({ debtorId: 'D1' })],
      enhancements: [insurance({ integral: false, limit: null })],
    });
    // 5,000 x 0.891
    expect(result.reimbursements).toMatchObject([{ amount: 4_455n }]);
  });
});
