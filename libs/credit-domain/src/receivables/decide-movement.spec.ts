import type { CreditBalance, Movement, MovementType, ReceivableBalance } from '.';
import {
  KINDS_WITH_ECL,
  MOVEMENT_TYPES,
  applyMovement,
  creditFrom,
  decideMovement,
  decideUnallocated,
  isMovementType,
  isReceivableKind,
  needsSteps,
  openReceivable,
  receivableFrom,
} from '.';
import { localDate } from '../values/local-date';

const movement = (type: MovementType, amount: bigint, on = '2024-06-30', reason?: string): Movement => ({
  type,
  amount,
  effectiveOn: localDate(on),
  ...(reason === undefined ? {} : { reason }),
});

/** Records the movements one after the other on a receivable of 100 recognised on 2024-01-31. */
function history(...movements: Movement[]): ReceivableBalance {
  return movements.reduce(
    (receivable, each) => {
      const decided = decideMovement(receivable, each);
      if (!decided.ok) throw new Error(decided.refused.detail);
      return applyMovement(receivable, { type: each.type, effectiveOn: each.effectiveOn, ...decided.effect });
    },
    openReceivable(localDate('2024-01-31'), 100n),
  );
}

/** `gross credit recovered`, or the refusal code. */
function outcome(receivable: ReceivableBalance, each: Movement, credit?: CreditBalance): string {
  const decided = decideMovement(receivable, each, credit);
  return decided.ok ? [decided.effect.gross, decided.effect.credit, decided.effect.recovered].join(' ') : decided.refused.code;
}

describe('decideMovement', () => {
  const open = history();
  const writtenOff = history(movement('payment', 30n, '2024-03-31'), movement('write_off', 70n, '2024-05-31'));
  const overpaid = history(movement('payment', 150n, '2024-03-31'));
  const recovered = history(movement('payment', 30n, '2024-03-31'), movement('write_off', 70n, '2024-05-31'), movement('payment', 75n));
  const undone = history(
    movement('payment', 30n, '2024-03-31'),
    movement('write_off', 70n, '2024-05-31'),
    movement('payment', 75n),
    movement('payment_reversal', 75n, '2024-07-31'),
  );

  it.each<[string, ReceivableBalance, Movement, string]>([
    ['a payment settles', open, movement('payment', 40n), '-40 0 0'],
    ['a zero payment is accepted and changes nothing', open, movement('payment', 0n), '0 0 0'],
    ['a payment in full', open, movement('payment', 100n), '-100 0 0'],
    ['an over-payment leaves the excess as the debtor’s credit', open, movement('payment', 101n), '-100 1 0'],
    ['a payment on the recognition date', open, movement('payment', 1n, '2024-01-31'), '-1 0 0'],
    ['a payment on a written-off item is a recovery', writtenOff, movement('payment', 50n), '0 0 50'],
    ['a payment beyond what was written off is credit', writtenOff, movement('payment', 75n), '0 5 70'],
    [
      'a payment on a part written off settles, then recovers, then is credit',
      history(movement('write_off', 60n)),
      movement('payment', 110n),
      '-40 10 60',
    ],
    [
      'a payment dated before the write-off cannot recover what was not yet written off',
      writtenOff,
      movement('payment', 50n, '2024-04-30'),
      '0 50 0',
    ],
    ['a credit note reduces', open, movement('credit_note', 40n), '-40 0 0'],
    ['a credit note beyond the balance is credit', open, movement('credit_note', 140n), '-100 40 0'],
    ['a credit note on a written-off item is credit, never a recovery', writtenOff, movement('credit_note', 10n), '0 10 0'],
    ['a write-off reduces', open, movement('write_off', 100n), '-100 0 0'],
    ['a write-off above what is owed cannot create a liability', open, movement('write_off', 101n), 'exceeds-outstanding'],
    ['a disposal reduces', open, movement('disposal', 100n), '-100 0 0'],
    ['a disposal above what is owed is refused', open, movement('disposal', 101n), 'exceeds-outstanding'],
    ['a recovery of what was written off', writtenOff, movement('recovery', 70n), '0 0 70'],
    ['a recovery above it is refused', writtenOff, movement('recovery', 71n), 'exceeds-written-off'],
    ['a recovery of an item never written off is refused', open, movement('recovery', 1n), 'exceeds-written-off'],
    ['a recovery dated before the write-off is refused', writtenOff, movement('recovery', 1n, '2024-05-30'), 'exceeds-written-off'],
    ['a recovery on the day of the write-off', writtenOff, movement('recovery', 1n, '2024-05-31'), '0 0 1'],
    ['an adjustment up', open, movement('adjustment', 5n, '2024-06-30', 'price'), '5 0 0'],
    ['an adjustment down', open, movement('adjustment', -5n, '2024-06-30', 'price'), '-5 0 0'],
    ['an adjustment down beyond the balance is credit', open, movement('adjustment', -105n, '2024-06-30', 'price'), '-100 5 0'],
    ['an adjustment of nothing', open, movement('adjustment', 0n, '2024-06-30', 'note'), '0 0 0'],
    ['a bounced cheque raises the balance again', history(movement('payment', 60n)), movement('payment_reversal', 60n), '60 0 0'],
    ['money sent back comes out of the over-payment first', overpaid, movement('refund', 20n), '0 -20 0'],
    ['and raises the balance with the rest', overpaid, movement('refund', 80n), '30 -50 0'],
    ['a bounced over-payment gives both back', overpaid, movement('payment_reversal', 150n), '100 -50 0'],
    ['credit that comes later cannot be drawn on earlier', overpaid, movement('refund', 20n, '2024-03-30'), '20 0 0'],
    [
      'a bounced payment that had become a recovery undoes the recovery',
      recovered,
      movement('payment_reversal', 70n, '2024-07-31'),
      '0 -5 -65',
    ],
    ['and raises the balance only with what is left', recovered, movement('payment_reversal', 85n, '2024-07-31'), '10 -5 -70'],
    ['a recovery that comes later cannot be undone earlier', recovered, movement('payment_reversal', 10n, '2024-06-29'), '10 0 0'],
    ['what was undone stands written off again', undone, movement('recovery', 70n, '2024-08-31'), '0 0 70'],
    ['and no more than that', undone, movement('recovery', 71n, '2024-08-31'), 'exceeds-written-off'],
    ['what was undone cannot be undone again', undone, movement('payment_reversal', 30n, '2024-08-31'), '30 0 0'],
  ])('%s', (_case, receivable, each, expected) => {
    expect(outcome(receivable, each)).toBe(expected);
  });

  it.each<[string, Movement, string]>([
    ['a reclassify that does not say what the receivable becomes', movement('reclassify', 0n), 'reclassify-nothing'],
    ['sign before date', movement('payment', -1n, '2024-01-30'), 'amount-negative'],
    ['reason before date', movement('adjustment', -1n, '2024-01-30', '  '), 'reason-missing'],
    ['no reason at all', movement('adjustment', 1n), 'reason-missing'],
    ['date before amount of a write-off', movement('write_off', 101n, '2024-01-30'), 'before-recognition'],
    ['date before amount of a recovery', movement('recovery', 1n, '2024-01-30'), 'before-recognition'],
    ['date of a payment', movement('payment', 1n, '2024-01-30'), 'before-recognition'],
  ])('checks in a fixed order, so that one mistake has one name: %s', (_case, each, code) => {
    expect(outcome(open, each)).toBe(code);
  });

  it.each(MOVEMENT_TYPES.filter((type) => type !== 'adjustment' && type !== 'reclassify'))(
    'refuses a negative %s, because the type gives the sign',
    (type) => {
      expect(outcome(open, movement(type, -1n))).toBe('amount-negative');
    },
  );

  it('names the field and the amount that is owed, so that the row can be mended', () => {
    expect(decideMovement(open, movement('write_off', 101n))).toEqual({
      ok: false,
      refused: {
        code: 'exceeds-outstanding',
        field: 'amount',
        detail: 'a write_off cannot exceed what is owed from 2024-06-30 on: 100 minor units',
      },
    });
  });

  it('a back-dated payment takes only what no later date needs, so that no business date goes below zero', () => {
    const settledLater = history(movement('payment', 70n, '2024-05-31'));
    expect(outcome(settledLater, movement('payment', 50n, '2024-02-29'))).toBe('-30 20 0');
    const reopened = history(movement('payment', 100n, '2024-03-31'), movement('payment_reversal', 100n, '2024-04-30'));
    expect(outcome(reopened, movement('payment', 10n, '2024-02-29'))).toBe('0 10 0');
    expect(outcome(reopened, movement('payment', 10n, '2024-04-30'))).toBe('-10 0 0');
    expect(outcome(reopened, movement('write_off', 1n, '2024-03-31'))).toBe('exceeds-outstanding');
    expect(outcome(reopened, movement('write_off', 1n, '2024-04-30'))).toBe('-1 0 0');
  });

  it('looks at the end of a day, so that a cheque that bounces on its own day leaves the item open', () => {
    const sameDay = history(
      movement('payment', 100n, '2024-03-31'),
      movement('payment_reversal', 100n, '2024-03-31'),
      movement('payment', 1n, '2024-04-30'),
    );
    expect(outcome(sameDay, movement('payment', 50n, '2024-02-29'))).toBe('-50 0 0');
  });

  it('gives back no more credit than the debtor still holds, so that a refund elsewhere is not paid out twice', () => {
    const spent = creditFrom([
      { effectiveOn: localDate('2024-03-31'), credit: 50n },
      { effectiveOn: localDate('2024-05-31'), credit: -45n },
    ]);
    expect(outcome(overpaid, movement('refund', 20n, '2024-06-30'), spent)).toBe('15 -5 0');
    expect(outcome(overpaid, movement('refund', 20n, '2024-04-30'), spent)).toBe('15 -5 0');
  });

  it('needs the history only for a back-dated fact, so that an import of millions reads balances alone', () => {
    const { steps, ...balance } = history(movement('payment', 10n, '2024-03-31'));
    expect(steps).toHaveLength(1);
    expect(outcome(balance, movement('payment', 95n, '2024-03-31'))).toBe('-90 5 0');
    expect(needsSteps(balance, localDate('2024-03-31'))).toBe(false);
    expect(needsSteps(balance, localDate('2024-03-30'))).toBe(true);
    expect(() => decideMovement(balance, movement('payment', 1n, '2024-03-30'))).toThrow('needs the steps');
    expect(
      applyMovement(balance, { type: 'payment', effectiveOn: localDate('2024-04-01'), gross: -1n, credit: 0n, recovered: 0n }),
    ).toEqual({
      recognisedOn: '2024-01-31',
      lastEffectiveOn: '2024-04-01',
      outstanding: 89n,
      writtenOff: 0n,
      ownCredit: 0n,
      recovered: 0n,
    });
  });

  it('folds a history to the same balance as recording it did, so that a reload changes no answer', () => {
    const recorded = history(
      movement('payment', 150n, '2024-05-31'),
      movement('refund', 120n, '2024-06-30'),
      movement('write_off', 20n, '2024-07-31'),
      movement('recovery', 5n, '2024-08-31'),
    );
    expect(recorded).toMatchObject({ outstanding: 50n, ownCredit: 0n, writtenOff: 15n, lastEffectiveOn: '2024-08-31' });
    expect(receivableFrom(recorded.recognisedOn, 100n, recorded.steps ?? [])).toEqual(recorded);
    const backDated = history(movement('payment', 10n, '2024-05-31'), movement('payment', 10n, '2024-04-30'));
    expect(backDated.lastEffectiveOn).toBe('2024-05-31');
    expect(receivableFrom(backDated.recognisedOn, 100n, backDated.steps ?? []).lastEffectiveOn).toBe('2024-05-31');
  });
});

describe('decideUnallocated', () => {
  const held = creditFrom([
    { effectiveOn: localDate('2024-03-31'), credit: 50n },
    { effectiveOn: localDate('2024-05-31'), credit: -30n },
    { effectiveOn: localDate('2024-05-31'), credit: 10n },
    { effectiveOn: localDate('2024-02-29'), credit: 5n },
  ]);
  const unallocated = (each: Movement, credit = held): string => {
    const decided = decideUnallocated(credit, each);
    return decided.ok ? [decided.effect.gross, decided.effect.credit, decided.effect.recovered].join(' ') : decided.refused.code;
  };

  it.each<[Movement, string]>([
    [movement('payment', 40n), '0 40 0'],
    [movement('credit_note', 40n, '2020-01-01'), '0 40 0'],
    [movement('refund', 35n), '0 -35 0'],
    [movement('refund', 36n), 'exceeds-credit-balance'],
    [movement('payment_reversal', 35n), '0 -35 0'],
    [movement('payment_reversal', 36n), 'exceeds-credit-balance'],
    [movement('refund', 35n, '2024-04-30'), '0 -35 0'],
    [movement('refund', 36n, '2024-04-30'), 'exceeds-credit-balance'],
    [movement('refund', 5n, '2024-02-29'), '0 -5 0'],
    [movement('refund', 6n, '2024-02-29'), 'exceeds-credit-balance'],
    [movement('refund', 1n, '2024-02-28'), 'exceeds-credit-balance'],
    [movement('write_off', 0n), 'receivable-missing'],
    [movement('disposal', 1n), 'receivable-missing'],
    [movement('recovery', 1n), 'receivable-missing'],
    [movement('adjustment', 1n, '2024-06-30', 'price'), 'receivable-missing'],
    [movement('adjustment', 1n), 'reason-missing'],
    [movement('refund', -1n), 'amount-negative'],
    [movement('reclassify', 0n), 'receivable-missing'],
  ])('%j gives %s, so that nobody is paid out money he does not have with us', (each, expected) => {
    expect(unallocated(each)).toBe(expected);
  });

  it('starts from nothing, so that a first refund is refused and a first advance accepted', () => {
    expect(creditFrom([])).toEqual({ credit: 0n, lastEffectiveOn: null, steps: [] });
    expect(unallocated(movement('refund', 1n), creditFrom([]))).toBe('exceeds-credit-balance');
    expect(unallocated(movement('payment', 1n), creditFrom([]))).toBe('0 1 0');
  });
});

describe('kinds and types', () => {
  it('are closed lists, so that a misspelt kind is refused and not aged apart', () => {
    expect(['trade', 'note_bank', 'non_financial', 'Trade', 'invoice', ''].map(isReceivableKind)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['payment', 'write_off', 'writeoff', ''].map(isMovementType)).toEqual([true, true, false, false]);
    expect(KINDS_WITH_ECL).toEqual(['trade', 'note_bank', 'note_commercial', 'contract_asset', 'other', 'long_term']);
  });
});
