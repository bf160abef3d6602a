import fc from 'fast-check';
import { absorption } from './markov';
import { Ratio } from '../values/ratio';

const ratio = (text: string): Ratio => Ratio.parse(text);
const chain = (rows: readonly (readonly string[])[], absorbing: readonly number[]) => ({
  states: (rows[0] ?? []).map((_, index) => `S${String(index)}`),
  absorbing,
  rows: rows.map((row) => row.map(ratio)),
});

describe('a chain of payment states', () => {
  it('ends new accounts of the published wizedu chain as bad with exactly 0.036', () => {
    const published = chain(
      [
        ['0', '0.6', '0', '0', '0.4', '0'],
        ['0', '0', '0.5', '0', '0.5', '0'],
        ['0', '0', '0', '0.4', '0.6', '0'],
        ['0', '0', '0', '0', '0.7', '0.3'],
        ['0', '0', '0', '0', '1', '0'],
        ['0', '0', '0', '0', '0', '1'],
      ],
      [4, 5],
    );
    const { probabilities } = absorption(published);
    expect(probabilities.map(([paid, bad]) => [paid?.toRate(), bad?.toRate()])).toEqual([
      ['0.964', '0.036'],
      ['0.94', '0.06'],
      ['0.88', '0.12'],
      ['0.7', '0.3'],
    ]);
  });

  it('loses 0.3, 1.5 and 15 % in the published A&W Department Store chain, and 450 of 150,000', () => {
    const published = chain(
      [
        ['0', '0.2', '0', '0', '0.8'],
        ['0', '0', '0.1', '0', '0.9'],
        ['0', '0', '0', '0.15', '0.85'],
        ['0', '0', '0', '1', '0'],
        ['0', '0', '0', '0', '1'],
      ],
      [3, 4],
    );
    const solved = absorption(published);
    expect(solved.probabilities.map(([bad]) => bad?.toRate())).toEqual(['0.003', '0.015', '0.15']);
    expect(solved.probabilities[0]?.[0]?.shareOf(150_000n)).toBe(450n);
  });

  it('counts cures and stays, for which a product of rolls is wrong', () => {
    // One overdue state: half stays, 0.2 are cured, 0.2 are paid, 0.1 turn bad; of the current 0.1 become overdue, the rest is paid.
    const cured = chain(
      [
        ['0', '0.1', '0.9', '0'],
        ['0.2', '0.5', '0.2', '0.1'],
        ['0', '0', '1', '0'],
        ['0', '0', '0', '1'],
      ],
      [2, 3],
    );
    expect(absorption(cured).probabilities.map(([, bad]) => bad?.toRate(6))).toEqual(['0.020833', '0.208333']);
  });

  it('is refused by name when a row misses 1, has a negative, or claims never leave some states', () => {
    const row = (first: readonly string[]) => chain([[...first], ['0', '1']], [1]);
    expect(() => absorption(row(['0.5', '0.6']))).toThrow(expect.objectContaining({ code: 'markov-row-sum' }) as Error);
    expect(() => absorption(row(['-0.1', '1.1']))).toThrow(expect.objectContaining({ code: 'markov-probability-invalid' }) as Error);
    expect(() => absorption(row(['1', '0']))).toThrow(expect.objectContaining({ code: 'markov-closed-class' }) as Error);
    expect(absorption(row(['0.3333333333', '0.6666666666'])).probabilities).toHaveLength(1);
  });

  it('ends every claim somewhere: the probabilities of all ends make up exactly one', () => {
    const weights = fc.array(fc.array(fc.bigInt(0n, 20n), { minLength: 5, maxLength: 5 }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(weights, (rows) => {
        const probabilities = rows.map((row) => {
          // Something always leaves, so that no class is closed.
          const [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n] = row;
          const total = a + b + c + d + e + 1n;
          return [a, b, c, d, e + 1n].map((weight) => Ratio.of(weight, total));
        });
        const solved = absorption({ states: ['a', 'b', 'c', 'paid', 'bad'], absorbing: [3, 4], rows: [...probabilities, [], []] });
        for (const [paid, bad] of solved.probabilities) expect((paid ?? Ratio.ZERO).plus(bad ?? Ratio.ZERO).toRate()).toBe('1');
      }),
    );
  });
});
