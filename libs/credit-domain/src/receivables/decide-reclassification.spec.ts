import fc from 'fast-check';
import type { Place, ReclassificationTarget } from '.';
import { applyMovement, decideMovement, decideReclassification, openReceivable, owedOn } from '.';
import { addDays, localDate } from '../values/local-date';

const recognisedOn = localDate('2024-01-31');
const KEPT: ReclassificationTarget = { kind: null, class: null, entityId: null, invoicedOn: null, dueOn: null };
const CONTRACT_ASSET: Place = { entityId: 'main', kind: 'contract_asset', class: 'non-current', invoicedOn: '2024-01-31', dueOn: null };

/** A contract asset of 100, of which 30 are paid on 2024-03-31. */
function partlyPaid() {
  const open = openReceivable(recognisedOn, 100n);
  const decided = decideMovement(open, { type: 'payment', amount: 30n, effectiveOn: localDate('2024-03-31') });
  if (!decided.ok) throw new Error(decided.refused.detail);
  return applyMovement(open, { type: 'payment', effectiveOn: localDate('2024-03-31'), ...decided.effect });
}

const decide = (to: Partial<ReclassificationTarget>, amount = 0n, on = '2024-06-30', from = CONTRACT_ASSET) =>
  decideReclassification(partlyPaid(), from, { amount, effectiveOn: localDate(on), to: { ...KEPT, ...to } });

const codeOf = (decision: ReturnType<typeof decide>): string => (decision.ok ? 'ok' : decision.refused.code);

describe('decideReclassification', () => {
  it('bills a contract asset with the dates of its invoice and keeps what is not said', () => {
    expect(decide({ kind: 'trade', invoicedOn: localDate('2024-06-30'), dueOn: localDate('2024-09-28') }, 70n)).toEqual({
      ok: true,
      moved: 70n,
      to: { entityId: 'main', kind: 'trade', class: '', invoicedOn: '2024-06-30', dueOn: '2024-09-28' },
    });
    expect(decide({ entityId: 'hk' })).toMatchObject({ ok: true, to: { ...CONTRACT_ASSET, entityId: 'hk' } });
  });

  it('takes a class for a part of its kind, or a trade receivable would be shown as a non-current contract asset', () => {
    expect(decide({ kind: 'trade' })).toMatchObject({ to: { kind: 'trade', class: '' } });
    expect(decide({ kind: 'contract_asset', class: 'current' })).toMatchObject({ to: { kind: 'contract_asset', class: 'current' } });
    expect(decide({ kind: 'contract_asset', entityId: 'hk' })).toMatchObject({ to: { class: 'non-current' } });
  });

  it.each<[string, string, ReturnType<typeof decide>]>([
    ['a part of it is refused', 'reclassify-partial', decide({ kind: 'trade' }, 69n)],
    ['what was owed once is a part as well', 'reclassify-partial', decide({ kind: 'trade' }, 100n)],
    ['what was owed on that earlier date is the whole', 'ok', decide({ kind: 'trade' }, 100n, '2024-03-30')],
    ['a negative amount is refused', 'amount-negative', decide({ kind: 'trade' }, -70n)],
    ['nothing said is refused', 'reclassify-nothing', decide({})],
    ['the same said again is refused', 'reclassify-nothing', decide({ kind: 'contract_asset', class: 'non-current', entityId: 'main' })],
    ['before recognition is refused', 'before-recognition', decide({ kind: 'trade' }, 0n, '2024-01-30')],
    ['on the day of recognition is not', 'ok', decide({ kind: 'trade' }, 0n, '2024-01-31')],
  ])('moves the whole balance or nothing, so that no part is aged apart: %s', (_case, code, decision) => {
    expect(codeOf(decision)).toBe(code);
  });

  it('names the amount that is owed, so that the row can be mended', () => {
    const decision = decide({ kind: 'trade' }, 69n);
    expect(decision).toMatchObject({ ok: false, refused: { field: 'amount' } });
    expect(decision.ok ? '' : decision.refused.detail).toContain('70 minor units are owed on 2024-06-30');
  });

  it('counts what is owed on a date from the steps up to it, whatever order they were recorded in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.bigInt({ min: 0n, max: 30n })), { maxLength: 12 }), (payments) => {
        let receivable = openReceivable(recognisedOn, 100n);
        for (const [days, amount] of payments) {
          const effectiveOn = addDays(recognisedOn, days);
          const decided = decideMovement(receivable, { type: 'payment', amount, effectiveOn });
          if (decided.ok) receivable = applyMovement(receivable, { type: 'payment', effectiveOn, ...decided.effect });
        }
        for (let days = 0; days <= 20; days++) {
          const on = addDays(recognisedOn, days);
          const upTo = (receivable.steps ?? []).filter((step) => step.effectiveOn <= on).reduce((owed, step) => owed + step.gross, 100n);
          expect(owedOn(receivable, on)).toBe(upTo);
        }
      }),
    );
  });
});
