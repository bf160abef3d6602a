import { BridgeFold } from './fold-bridge';
import { policies, subjectOf, type Story } from './bridge.fixture';
import { bridgeReceivable } from './receivable-bridge';
import { rollGrossForward } from './gross-roll-forward';
import { twoFactorView, type TwoFactorCell } from './two-factor';
import { shareOf } from './fraction';
import { claimAt } from './claim';

/**
 * The filed trade receivables of 2023 and 2024 with the feasible flow of the accounting decisions ("The filed book, bucket by bucket"),
 * RMB'000 in units of a thousandth of a yuan. Rates are allowance / gross of each filed bucket at full precision.
 */
const SCALE = 100_000n;
const FILED_2023 = [
  [1_039_635, 151_044],
  [242_753, 67_720],
  [1_715_868, 740_980],
  [2_804_371, 1_637_059],
  [895_657, 676_609],
  [254_058, 254_058],
] as const;
const FILED_2024 = [
  [860_087, 52_886],
  [278_278, 43_963],
  [262_169, 108_031],
  [1_474_035, 943_395],
  [2_103_532, 1_715_428],
  [781_405, 781_405],
] as const;
/** 24 decimals of a rate: half a unit of the last one on the largest bucket is far below a minor unit. */
const rateOf = (allowance: number | bigint, gross: number | bigint): string => {
  const scaled = (BigInt(allowance) * 10n ** 25n) / BigInt(gross) + 5n;
  const digits = (scaled / 10n).toString().padStart(25, '0');
  return `${digits.slice(0, -24)}.${digits.slice(-24)}`;
};
const RATES_2023 = FILED_2023.map(([gross, allowance]) => rateOf(allowance, gross));
const RATES_2024 = FILED_2024.map(([gross, allowance]) => rateOf(allowance, gross));

const RECOGNISED = ['2023-09-30', '2023-03-31', '2022-06-30', '2021-06-30', '2020-06-30', '2018-06-30', '2024-09-30', '2024-03-31'];
/** What of the individually assessed is written off was fully provided for; the rest carries what is left of the filed allowance. */
const INDIVIDUAL_2023 = { gross: 959_677n, allowance: 663_922n, writtenOff: 134_598n };
const INDIVIDUAL_2024 = { gross: 1_214_060n, allowance: 936_767n };
const opening = {
  rates: RATES_2023,
  assessed: {
    gone: { rate: '1' },
    stays: {
      rate: rateOf(INDIVIDUAL_2023.allowance - INDIVIDUAL_2023.writtenOff, INDIVIDUAL_2023.gross - INDIVIDUAL_2023.writtenOff),
    },
  },
};
const later = { rate: rateOf(INDIVIDUAL_2024.allowance, INDIVIDUAL_2024.gross) };
const closing = { rates: RATES_2024, assessed: { gone: later, stays: later, carved: later } };

const stories: Story[] = [];
const item = (age: number, amount: number | bigint, debtorId = 'pool', steps: Story['steps'] = []): void => {
  const recognisedOn = RECOGNISED[age] ?? '';
  stories.push({
    receivable: { debtorId, amount: BigInt(amount) * SCALE, recognisedOn, position: age > 5 ? 150n : 10n },
    ...{ steps, opening, closing },
  });
};
const paid = (amount: number): Story['steps'] => [{ type: 'payment', gross: -BigInt(amount) * SCALE }];
const writtenOff = (amount: number): Story['steps'] => [{ type: 'write_off', gross: -BigInt(amount) * SCALE }];

// The cash of the youngest cohort is taken from its two buckets in proportion.
const cashOfYoungest = { first: 827_027, second: 193_110 };
item(0, 1_039_635 - 82, 'pool', paid(cashOfYoungest.first));
item(1, 242_753, 'pool', paid(cashOfYoungest.second));
item(0, 82, 'carved');
item(2, 1_715_868 - 98_134, 'pool', paid(143_699));
item(2, 98_134, 'carved');
item(3, 2_804_371 - 287_294, 'pool', paid(413_545));
item(3, 287_294, 'carved');
item(4, 895_657, 'pool', paid(114_252));
item(5, 254_058, 'pool', writtenOff(254_058));
item(5, 134_598, 'gone', writtenOff(134_598));
item(2, 959_677 - 134_598, 'stays');
item(6, 860_087);
item(7, 278_278);
item(6, 3_338, 'carved');
item(7, 133, 'carved');

describe('the filed trade receivables from 2023 to 2024', () => {
  const fold = new BridgeFold();
  stories.forEach((story) => {
    const subject = subjectOf(story);
    const bridge = bridgeReceivable(subject);
    const gross = rollGrossForward(subject, bridge, grossEnds(subject));
    fold.add(bridge, { opening: subject.opening.allowance, closing: subject.closing.allowance });
    fold.addGross(gross, bridge, grossEnds(subject));
  });
  const { opening: before, legs, closing: after } = fold.allowanceBridge();
  const printed = (minor: bigint): number => Number((minor + (minor < 0n ? -SCALE / 2n : SCALE / 2n)) / SCALE);
  const leg = (cause: string): (typeof legs)[number] | undefined => legs.find((each) => each.cause === cause);

  it('move as the accounting decisions say, leg by leg, or the movement would not be explained', () => {
    expect([printed(before), printed(after)]).toEqual([4_191_392, 4_581_875]);
    const collective = ['write-offs', 'cash', 'ageing', 'collective-to-individual', 'new-receivables', 'rate-change'];
    expect(collective.map((cause) => printed(leg(cause)?.collective ?? 0n))).toEqual([
      -254_058, -563_799, 908_910, -274_353, 202_589, 98_350,
    ]);
    const individual = ['write-offs', 'collective-to-individual', 'new-receivables', 'individual-remeasurement'];
    expect(individual.map((cause) => printed(leg(cause)?.individual ?? 0n))).toEqual([-134_598, 274_353, 522, 132_568]);
    const told = new Set([...collective, ...individual]);
    expect(legs.filter(({ cause, amount }) => amount !== 0n && !told.has(cause))).toEqual([]);
  });

  it('charge 779,139 and use up 388,656: what profit or loss shows and what it does not', () => {
    const { postings } = fold.allowanceBridge();
    const sum = (posting: string): bigint =>
      postings.filter((each) => each.posting === posting).reduce((total, { amount }) => total + amount, 0n);
    expect(printed(sum('impairment'))).toBe(779_139);
    expect(printed(sum('utilisation'))).toBe(-388_656);
    expect(sum('transfer')).toBe(0n);
  });

  it('roll forward in gross from 7,912,019 to 6,973,566', () => {
    const gross = fold.grossRollForward();
    expect([printed(gross.opening), printed(gross.closing)]).toEqual([7_912_019, 6_973_566]);
    expect(gross.legs.filter(({ amount }) => amount !== 0n).map(({ cause, amount }) => [cause, printed(amount)])).toEqual([
      ['new-receivables', 1_141_836],
      ['write-offs', -388_656],
      ['cash', -1_691_633],
    ]);
    expect(printed(gross.legs.find(({ cause }) => cause === 'transfers')?.individual ?? 0n)).toBe(385_510);
  });

  it('change by 98,350 of rates and 19,288 of volume and mix in the two-factor view', () => {
    const cells = (filed: readonly (readonly [number, number])[]): TwoFactorCell[] =>
      filed.map(([gross, allowance], index) => ({
        ...{ entityId: 'main', kind: 'trade', segment: 'std', currency: 'CNY', scheme: 's', bucket: String(index) },
        gross: BigInt(gross) * SCALE,
        allowance: BigInt(allowance) * SCALE,
      }));
    const view = twoFactorView(cells(FILED_2023), cells(FILED_2024));
    expect([printed(view.rateEffect), printed(view.volumeAndMix), printed(view.change)]).toEqual([98_350, 19_288, 117_638]);
  });
});

function grossEnds({ history, debtor, opening: from, closing: to }: ReturnType<typeof subjectOf>): { opening: bigint; closing: bigint } {
  const at = (end: typeof from): bigint => {
    const claim = claimAt(history, debtor, end.at);
    if (claim === null || end.exchange === null || !policies().holds(claim)) return 0n;
    const owed = history.steps.reduce(
      (sum, step) => (step.effectiveOn <= end.at.asOf && step.position <= end.at.position ? sum + step.gross : sum),
      history.recognisedOn <= end.at.asOf && history.position <= end.at.position ? history.amount : 0n,
    );
    return shareOf(owed, end.exchange);
  };
  return { opening: at(from), closing: at(to) };
}
