import fc from 'fast-check';
import { assessmentOfDebtor, insurance, matrixOf, measured, overlay, scenarios, stagesOf } from './engine.fixture';
import {
  collectiveCoverage,
  collectiveLineKey,
  individualLineKey,
  lineOfClaim,
  overlaysOn,
  spreadOverReceivables,
  stagedLineKey,
  type CollectiveCell,
  type IndividualCell,
  type ProvisionInput,
} from './index';

const place = {
  entityId: fc.constantFrom('main', 'hk'),
  kind: fc.constantFrom('trade', 'other'),
  class: fc.constantFrom('', 'deposits'),
  related: fc.boolean(),
  segment: fc.constantFrom('std', 'vip'),
  currency: fc.constantFrom('CNY', 'USD', 'JPY'),
  bucket: fc.integer({ min: 0, max: 2 }),
  amount: fc.bigInt({ min: 0n, max: 10n ** 12n }),
};
const pooled: fc.Arbitrary<CollectiveCell> = fc.record({ ...place, debtorId: fc.constantFrom(null, 'D1', 'D2') });
const assessed: fc.Arbitrary<IndividualCell> = fc.record({ ...place, debtorId: fc.constantFrom('D8', 'D9') });
const signed = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const anyOverlay = fc
  .record({
    amount: signed,
    currency: fc.constantFrom('CNY', 'USD'),
    kind: fc.constantFrom('trade', 'other'),
    entityId: fc.constantFrom(null, 'hk'),
    class: fc.constantFrom(null, 'deposits'),
    segment: fc.constantFrom(null, 'vip'),
    approvedAt: fc.bigInt({ min: 1n, max: 99n }),
  })
  .map((over) => overlay({ ...over, overlayId: `O${String(over.approvedAt)}` }));
const anyEnhancement = fc
  .record({
    debtorId: fc.constantFrom('D1', 'D2', 'D9'),
    integral: fc.boolean(),
    limit: fc.option(fc.bigInt({ min: 0n, max: 10n ** 12n })),
    deductible: fc.bigInt({ min: 0n, max: 10n ** 6n }),
    currency: fc.constantFrom('CNY', 'USD'),
    coveredShare: fc.constantFrom('0', '0.9', '1', '0.333333333333'),
    approvedAt: fc.bigInt({ min: 1n, max: 99n }),
  })
  .map((over) => insurance({ ...over, enhancementId: `E${String(over.approvedAt)}` }));
const book = fc.record({
  collective: fc.array(pooled, { maxLength: 25 }),
  individual: fc.array(assessed, { maxLength: 10 }),
  overlays: fc.uniqueArray(anyOverlay, { maxLength: 4, selector: ({ overlayId }) => overlayId }),
  enhancements: fc.uniqueArray(anyEnhancement, { maxLength: 3, selector: ({ enhancementId }) => enhancementId }),
});
const fixed = {
  measures: [
    matrixOf({ forwardLooking: scenarios() }),
    stagesOf({
      forwardLooking: scenarios({ kind: 'other' }),
      placements: [{ debtorId: 'D1', entityId: null, stage: 2, cause: 'assigned', assignmentId: 'S1' }],
    }),
  ],
  assessments: [assessmentOfDebtor({ debtorId: 'D8', assessmentId: 'A8', lossRate: '0.333333333333333333' }), assessmentOfDebtor()],
} satisfies Partial<ProvisionInput>;

const sum = <Item>(items: readonly Item[], of: (item: Item) => bigint): bigint => items.reduce((total, item) => total + of(item), 0n);
const RUNS = { numRuns: 250, seed: 20241231 };

describe('for any book, with stages, scenarios, overlays and cover', () => {
  it('no allowance leaves 0 to exposure, shares make up lines, and lines and overlays make up the totals to the minor unit', () => {
    fc.assert(
      fc.property(book, (given) => {
        const { result, units } = measured({ ...fixed, ...given });
        const lines = [...result.collective, ...result.staged, ...result.individual];
        for (const line of lines) {
          expect(line.allowance >= 0n && line.allowance <= line.gross).toBe(true);
          const key = 'bucket' in line ? collectiveLineKey(line) : 'stage' in line ? stagedLineKey(line) : individualLineKey(line);
          const own = units.filter(({ lineKey }) => lineKey === key);
          if (line.gross === 0n) continue;
          expect(sum(own, ({ gross }) => gross)).toBe(line.gross);
          expect(sum(own, ({ allowance }) => allowance)).toBe(line.allowance);
          expect(sum(own, ({ presentationGross }) => presentationGross)).toBe(line.presentationGross);
          expect(sum(own, ({ presentationAllowance }) => presentationAllowance)).toBe(line.presentationAllowance);
        }
        expect(sum(lines, ({ gross }) => gross)).toBe(sum([...given.collective, ...given.individual], ({ amount }) => amount));
        for (const parts of [result.shares, result.carryingByCurrency]) {
          expect(sum(parts, (part) => part.presentationAllowance + part.presentationOverlay)).toBe(result.total.allowance);
          expect(sum(parts, ({ presentationGross }) => presentationGross)).toBe(result.total.gross);
        }
        expect(sum(result.individualAgeing, ({ gross }) => gross)).toBe(sum(given.individual, ({ amount }) => amount));
        expect(sum(units, overlaysOn)).toBe(result.total.overlays);
        for (const total of result.totals) expect(total.allowance >= 0n && total.allowance <= total.gross).toBe(true);
        expect(sum(result.totals, ({ allowance }) => allowance)).toBe(result.total.allowance);
      }),
      RUNS,
    );
  });

  it('the order of the cells and the pieces they were read in change nothing', () => {
    fc.assert(
      fc.property(book, fc.bigInt({ min: 0n, max: 10n ** 12n }), (given, cut) => {
        const pieces = <Cell extends CollectiveCell>(cells: readonly Cell[]): Cell[] =>
          [...cells].reverse().flatMap((cell) => {
            const first = cut < cell.amount ? cut : cell.amount;
            return [
              { ...cell, amount: cell.amount - first },
              { ...cell, amount: first },
            ];
          });
        const whole = measured({ ...fixed, ...given }).result;
        const turned = { overlays: [...given.overlays].reverse(), enhancements: [...given.enhancements].reverse() };
        expect(
          measured({ ...fixed, ...turned, collective: pieces(given.collective), individual: pieces(given.individual) }).result,
        ).toEqual(whole);
      }),
      RUNS,
    );
  });

  it('every claim finds the line that holds it, and the rate of that line', () => {
    fc.assert(
      fc.property(book, (given) => {
        const { result, measure } = measured({ ...fixed, ...given });
        const rates = new Map([
          ...result.collective.map((line): [string, string] => [collectiveLineKey(line), line.uncoveredRate]),
          ...result.staged.map((line): [string, string] => [stagedLineKey(line), line.uncoveredRate]),
        ]);
        for (const cell of given.collective) {
          if (cell.amount === 0n) continue;
          const claim = { ...cell, debtorId: cell.debtorId ?? 'somebody', assessed: false };
          const line = lineOfClaim(measure, claim);
          expect(rates.get(line ?? '')).toBe(collectiveCoverage(measure, claim)?.uncovered);
        }
      }),
      RUNS,
    );
  });
});

describe('from a line to its receivables', () => {
  const receivable = fc.record({
    class: fc.constantFrom('', 'a', 'b'),
    related: fc.boolean(),
    gross: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  });

  it('the parts sum to the line and to each share exactly, whatever order the receivables come in', () => {
    fc.assert(
      fc.property(fc.array(receivable, { minLength: 1, maxLength: 40 }), fc.bigInt({ min: 0n, max: 10n ** 9n }), (rows, amount) => {
        const numbered = rows.map((row, index) => ({ ...row, receivableNo: BigInt(index + 1) }));
        const spread = spreadOverReceivables(amount, numbered);
        expect(sum([...spread.values()], (part) => part)).toBe(amount);
        const turned = spreadOverReceivables(amount, [...numbered].reverse());
        expect(numbered.map(({ receivableNo }) => turned.get(receivableNo))).toEqual(
          numbered.map(({ receivableNo }) => spread.get(receivableNo)),
        );
      }),
      RUNS,
    );
  });
});
