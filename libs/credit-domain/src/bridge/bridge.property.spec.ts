import fc from 'fast-check';
import type { ReceivableHistory } from '../exposure/receivable-history';
import { outstandingAt } from '../exposure/receivable-history';
import { addDays, localDate } from '../values';
import { subjectOf, type Rules, type Story } from './bridge.fixture';
import { claimAt } from './claim';
import { BridgeFold } from './fold-bridge';
import { shareOf } from './fraction';
import { rollGrossForward, type GrossEnds } from './gross-roll-forward';
import { bridgeReceivable, type BridgeSubject } from './receivable-bridge';

const day = fc.integer({ min: 0, max: 2_500 }).map((days) => String(addDays(localDate('2018-06-30'), days)));
const rate = fc.integer({ min: 0, max: 10_000 }).map((parts) => (parts / 10_000).toFixed(4));
const debtorId = fc.constantFrom('D1', 'D2');
const kind = fc.constantFrom('trade', 'other', 'contract_asset', 'non_financial');
const position = fc.integer({ min: 11, max: 200 }).map(BigInt);

const rules: fc.Arbitrary<Rules> = fc.record(
  {
    rates: fc.array(rate, { minLength: 6, maxLength: 6 }),
    scheme: fc.constantFrom('a', 'b'),
    scalar: fc.constantFrom('0.8', '1', '1.3'),
    assessed: fc.dictionary(debtorId, fc.record({ rate, discountRate: fc.constantFrom('0.05', '0.1') })),
    stages: fc.tuple(rate, rate, rate),
  },
  { requiredKeys: [] },
);

interface Change {
  readonly type: 'payment' | 'write_off' | 'disposal' | 'credit_note' | 'payment_reversal' | 'unclassified';
  /** per mille of what is owed after the changes before it. */
  readonly share: number;
  readonly after: number;
  readonly position: bigint;
}
const change: fc.Arbitrary<Change> = fc.record({
  type: fc.constantFrom('payment', 'write_off', 'disposal', 'credit_note', 'payment_reversal', 'unclassified'),
  share: fc.integer({ min: 0, max: 1_000 }),
  after: fc.integer({ min: 0, max: 900 }),
  position,
});

const story: fc.Arbitrary<Story> = fc
  .record({
    recognisedOn: day,
    known: position,
    amount: fc.bigInt({ min: 1n, max: 10n ** 12n }),
    debtorId,
    kind,
    takenOn: fc.constantFrom(null, null, null, '2024-05-31'),
    changes: fc.array(change, { maxLength: 6 }),
    moves: fc.array(fc.record({ kind, effectiveOn: day, position }), { maxLength: 2 }),
    impairedOn: fc.constantFrom(null, '2024-02-01'),
    rules: fc.tuple(fc.oneof(rules, fc.constant(null)), rules),
    overlays: fc.tuple(fc.bigInt({ min: 0n, max: 50n }), fc.bigInt({ min: 0n, max: 50n })),
    exchange: fc.constantFrom<readonly [string, string]>(['1', '1'], ['7.0827', '7.1884'], ['0.050213', '0.046233']),
  })
  .map(({ recognisedOn, known, amount, changes, moves, ...given }) => {
    let owed = amount;
    const steps = changes.map(({ type, share, after, position: recorded }) => {
      const part = (owed * BigInt(share)) / 1_000n;
      const gross = type === 'payment_reversal' ? part : -part;
      owed += gross;
      return { type, gross, effectiveOn: String(addDays(localDate(recognisedOn), after)), position: recorded > known ? recorded : known };
    });
    const [openingRules, closingRules] = given.rules;
    return {
      receivable: { recognisedOn, position: known, amount, debtorId: given.debtorId, takenOn: given.takenOn, currency: 'USD' },
      first: { kind: given.kind, position: known },
      later: moves.filter(({ effectiveOn }) => effectiveOn > recognisedOn),
      facts: given.impairedOn === null ? [{}] : [{}, { effectiveOn: given.impairedOn, position: 150n, segment: 'x', creditImpaired: true }],
      steps,
      opening: openingRules,
      closing: closingRules,
      overlays: openingRules === null ? ([0n, given.overlays[1]] as const) : given.overlays,
      exchange: given.exchange,
    };
  });

/** A balance below zero on a date cannot be recorded, so a drawn history that has one is no history. */
function isPossible({ history, opening, closing }: BridgeSubject): boolean {
  const ends = [opening.at, closing.at, { asOf: opening.at.asOf, position: closing.at.position }];
  return ends.every((at) => outstandingAt(history, at) >= 0n);
}

/** Overlays lie on what is held and measured together; where nothing is, there is none. */
function withOverlays(subject: BridgeSubject): BridgeSubject {
  const onlyWhereHeld = (end: BridgeSubject['opening']): bigint => {
    const claim = claimAt(subject.history, subject.debtor, end.at);
    if (claim === null || end.policies?.holds(claim) !== true || outstandingAt(subject.history, end.at) === 0n) return 0n;
    return end.overlay;
  };
  const { opening, closing } = subject;
  return { ...subject, opening: { ...opening, overlay: onlyWhereHeld(opening) }, closing: { ...closing, overlay: onlyWhereHeld(closing) } };
}

function grossEnds({ history, debtor, opening, closing }: BridgeSubject): GrossEnds {
  const at = (end: typeof opening, of: ReceivableHistory): bigint => {
    const claim = claimAt(of, debtor, end.at);
    if (claim === null || end.policies?.holds(claim) !== true || end.exchange === null) return 0n;
    return shareOf(outstandingAt(of, end.at), end.exchange);
  };
  return { opening: at(opening, history), closing: at(closing, history) };
}

const subjects = fc
  .array(story, { minLength: 1, maxLength: 12 })
  .map((stories) => stories.map((each) => withOverlays(subjectOf(each))).filter(isPossible));

function folded(book: readonly BridgeSubject[]): {
  allowance: ReturnType<BridgeFold['allowanceBridge']>;
  gross: ReturnType<BridgeFold['grossRollForward']>;
} {
  const fold = new BridgeFold();
  for (const subject of book) {
    const { opening, closing } = subject;
    const bridge = bridgeReceivable(subject);
    const gross = grossEnds(subject);
    // Both throw when the legs of the receivable do not add up.
    fold.add(bridge, { opening: opening.allowance + opening.overlay, closing: closing.allowance + closing.overlay });
    fold.addGross(rollGrossForward(subject, bridge, gross), bridge, gross);
  }
  return { allowance: fold.allowanceBridge(), gross: fold.grossRollForward() };
}

describe('the bridge of any book', () => {
  it('adds up for every receivable, cell, kind and in total, in whatever order and pages it is read, or no auditor would sign it', () => {
    fc.assert(
      fc.property(subjects, (book) => {
        const { allowance, gross } = folded(book);
        const sum = (of: (subject: BridgeSubject) => bigint): bigint => book.reduce((total, subject) => total + of(subject), 0n);
        expect(allowance.opening).toBe(sum(({ opening }) => opening.allowance + opening.overlay));
        expect(allowance.closing).toBe(sum(({ closing }) => closing.allowance + closing.overlay));
        for (const { opening, legs, closing } of [
          allowance,
          ...allowance.byKind,
          ...allowance.byCell,
          gross,
          ...gross.byKind,
          ...gross.byCell,
        ])
          expect(legs.reduce((total, { amount }) => total + amount, opening)).toBe(closing);
        expect(folded([...book].reverse())).toEqual({ allowance, gross });
      }),
      { numRuns: 150 },
    );
  });

  it('leaves nothing unexplained but what was taken on without its history', () => {
    fc.assert(
      fc.property(subjects, (book) => {
        const { allowance } = folded(book.filter(({ history }) => history.takenOn === null));
        expect(allowance.legs.find(({ cause }) => cause === 'unexplained')).toMatchObject({ amount: 0n, receivables: 0 });
        expect(allowance.legs.find(({ cause }) => cause === 'collective-to-individual')?.amount).toBe(0n);
      }),
      { numRuns: 150 },
    );
  });

  it('moves between allowances without making or losing any', () => {
    fc.assert(
      fc.property(subjects, (book) => {
        const transfers = folded(book).allowance.postings.filter(({ posting }) => posting === 'transfer');
        const byCause = new Map<string, bigint>();
        for (const { cause, amount } of transfers) byCause.set(cause, (byCause.get(cause) ?? 0n) + amount);
        expect([...byCause.values()].filter((amount) => amount !== 0n)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});
