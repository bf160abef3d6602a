import { spreadOverReceivables, type LineUnit } from '@app/credit-domain';
import fc from 'fast-check';
import { LargestFirst } from './largest-first';
import { FigureSpread } from './spread-figures';

const unitOf = (lineKey: string, gross: bigint, allowance: bigint, overlay: bigint): LineUnit => ({
  ...{
    lineKey,
    side: 'collective',
    stage: null,
    entityId: 'main',
    kind: 'trade',
    class: '',
    related: false,
    segment: 'std',
    currency: 'USD',
  },
  ...{ gross, allowance, presentationGross: gross * 7n, presentationAllowance: allowance * 7n, overlays: new Map([['O', overlay]]) },
});

describe('spreading the figures of a run', () => {
  it('gives each receivable what the engine’s own spread gives it, or a bridge would explain other figures than the run recorded', () => {
    const receivable = fc.record({ line: fc.constantFrom('a', 'b'), owed: fc.bigInt({ min: 0n, max: 10n ** 9n }) });
    fc.assert(
      fc.property(fc.array(receivable, { maxLength: 60 }), fc.integer({ min: 0, max: 100 }), (book, share) => {
        const grossOf = (line: string): bigint => book.reduce((sum, each) => (each.line === line ? sum + each.owed : sum), 0n);
        const units = ['a', 'b']
          .filter((line) => grossOf(line) > 0n)
          .map((line) => unitOf(line, grossOf(line), (grossOf(line) * BigInt(share)) / 100n, -BigInt(share)));
        const spread = new FigureSpread(units);
        for (const { line, owed } of book)
          spread.collect(
            owed,
            () => line,
            () => ({ lineKey: line, class: '', related: false }),
          );
        spread.spread();
        for (const unit of units) {
          const own = book.flatMap(({ line, owed }, index) =>
            line === unit.lineKey && owed > 0n ? [{ receivableNo: BigInt(index), class: '', related: false, gross: owed }] : [],
          );
          const expected = spreadOverReceivables(unit.presentationAllowance, own);
          const overlays = spreadOverReceivables(-BigInt(share), own);
          for (const { receivableNo } of own) {
            const figures = spread.at(Number(receivableNo));
            expect(figures.allowance).toBe(expected.get(receivableNo));
            expect(figures.overlay).toBe(overlays.get(receivableNo));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('stops when the receivables are not those of the run: no bridge stands on another book', () => {
    const one = new FigureSpread([unitOf('a', 100n, 10n, 0n)]);
    one.collect(
      90n,
      () => 'a',
      () => ({ lineKey: 'a', class: '', related: false }),
    );
    expect(() => {
      one.spread();
    }).toThrow('owe 90');
    expect(() => {
      new FigureSpread([]).collect(
        1n,
        () => 'a',
        () => ({ lineKey: 'a', class: '', related: false }),
      );
    }).toThrow('no line');
  });
});

describe('the largest of many', () => {
  it('are the same as of a sorted list, or a page would hide the receivable that matters', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { maxLength: 200 }), fc.integer({ min: 1, max: 20 }), (numbers, size) => {
        const largest = new LargestFirst<number>(size, (left, right) => right - left);
        for (const number of numbers) largest.add(number);
        expect(largest.inOrder()).toEqual([...numbers].sort((left, right) => right - left).slice(0, size));
      }),
    );
  });
});
