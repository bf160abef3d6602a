import fc from 'fast-check';
import { monetaryUnitSample } from './monetary-unit-sample';

const items = (amounts: readonly bigint[]) => amounts.map((amount, item) => ({ item, amount }));

describe('a monetary unit sample', () => {
  it('takes items by the money in them: an auditor who picked by count would miss the large ones', () => {
    const { selected, interval } = monetaryUnitSample(items([10n, 80n, 10n]), { size: 5, start: 99n });
    expect(interval).toBe(20n);
    expect(selected).toEqual([
      { item: 1, unit: 19n, hits: 4 },
      { item: 2, unit: 99n, hits: 1 },
    ]);
  });

  it('is empty over an empty population and passes over what is not owed', () => {
    expect(monetaryUnitSample(items([]), { size: 5, start: 3n }).selected).toEqual([]);
    expect(monetaryUnitSample(items([0n, -5n, 7n]), { size: 1, start: 3n }).selected).toMatchObject([{ item: 2 }]);
  });

  it('hits exactly its size, never an item without money, and every item as large as the interval', () => {
    fc.assert(
      fc.property(
        fc.array(fc.bigInt({ min: 0n, max: 10_000n }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 40 }),
        fc.bigInt({ min: 0n, max: 1n << 200n }),
        (amounts, size, start) => {
          const sample = monetaryUnitSample(items(amounts), { size, start });
          expect(sample).toEqual(monetaryUnitSample(items(amounts), { size, start }));
          if (sample.population === 0n) return;
          expect(sample.selected.reduce((hits, each) => hits + each.hits, 0)).toBe(size);
          const taken = new Set(sample.selected.map(({ item }) => item));
          amounts.forEach((amount, item) => {
            if (amount === 0n) expect(taken.has(item)).toBe(false);
            if (amount * BigInt(size) >= sample.population + BigInt(size)) expect(taken.has(item)).toBe(true);
          });
        },
      ),
    );
  });
});
