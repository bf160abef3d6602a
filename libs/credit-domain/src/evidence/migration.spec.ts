import fc from 'fast-check';
import { outstandingAt, type HistoryStep, type ReceivableHistory } from '../exposure';
import { MOVEMENT_TYPES, decideMovement, applyMovement, openReceivable } from '../receivables';
import { addDays, localDate } from '../values';
import { FLOW_PARTS, addFlow, emptyTable, flowOf } from './migration';

const recognisedOn = localDate('2023-06-30');
const PERIOD = { from: localDate('2023-12-31'), to: localDate('2024-12-31') };

function historyOf(
  amount: bigint,
  steps: readonly Omit<HistoryStep, 'movementId'>[],
  over: Partial<ReceivableHistory> = {},
): ReceivableHistory {
  return {
    ...{ receivableNo: 1n, receivableId: 'A', debtorNo: 1n, debtorId: 'D', currency: 'CNY', amount, taxAmount: null },
    ...{ recognisedOn, takenOn: null, documentNo: 'A', position: 1n, classifications: [] },
    steps: steps.map((step, index) => ({ movementId: String(index), ...step })),
    ...over,
  };
}
const step = (type: string, effectiveOn: string, gross: bigint, position = 2n) => ({
  type,
  effectiveOn,
  gross,
  position,
  credit: 0n,
  recovered: 0n,
});

describe('what became of a receivable within a period', () => {
  it('keeps payments, credit notes, write-offs, disposals and the unexplained apart: only one of them is a loss', () => {
    const history = historyOf(1_000n, [
      step('payment', '2023-12-31', -100n),
      step('payment', '2024-01-01', -50n),
      step('allocation', '2024-02-01', -5n),
      step('payment_reversal', '2024-03-01', 20n),
      step('credit_note', '2024-03-02', -30n),
      step('adjustment', '2024-03-03', 10n),
      step('write_off', '2024-04-01', -200n),
      step('disposal', '2024-05-01', -7n),
      step('unclassified', '2024-12-31', -8n),
      step('payment', '2025-01-01', -9n),
    ]);
    expect(flowOf(history, PERIOD, 2n)).toEqual({
      ...{ opening: 900n, raised: 0n, collected: 35n, credited: 20n, writtenOff: 200n, disposed: 7n, unclassified: 8n },
      ...{ reclassified: 0n, closing: 630n },
    });
  });

  it('shows what is owed again as raised and never as a negative collection', () => {
    const bounced = historyOf(100n, [step('payment', '2023-11-30', -80n), step('payment_reversal', '2024-02-01', 80n)]);
    expect(flowOf(bounced, PERIOD, 2n)).toMatchObject({ opening: 20n, raised: 80n, collected: 0n, closing: 100n });
    const added = historyOf(100n, [step('payment', '2024-11-30', -80n)], { recognisedOn: '2024-05-31' });
    expect(flowOf(added, PERIOD, 2n)).toMatchObject({ opening: 0n, raised: 100n, collected: 80n, closing: 20n });
  });

  it('does not know what was recorded later, and lets go of what has become another kind', () => {
    const history = historyOf(100n, [step('payment', '2024-05-31', -40n, 9n)]);
    expect(flowOf(history, PERIOD, 8n)).toMatchObject({ opening: 100n, collected: 0n, closing: 100n });
    expect(flowOf(history, PERIOD, 9n, true)).toMatchObject({ opening: 100n, collected: 40n, reclassified: 60n, closing: 0n });
  });

  it('foots for any history: opening and raised are what was settled in each way and what is still owed', () => {
    const movements = fc.array(
      fc.record({
        type: fc.constantFrom(...MOVEMENT_TYPES),
        amount: fc.bigInt({ min: 0n, max: 90n }),
        days: fc.integer({ min: 0, max: 700 }),
        reason: fc.constant('agreed'),
      }),
      { maxLength: 15 },
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 200n }), movements, fc.boolean(), (amount, wanted, leaves) => {
        let balance = openReceivable(recognisedOn, amount);
        const steps: Omit<HistoryStep, 'movementId'>[] = [];
        for (const each of wanted) {
          const effectiveOn = addDays(recognisedOn, each.days);
          const decided = decideMovement(balance, { ...each, effectiveOn });
          if (!decided.ok) continue;
          balance = applyMovement(balance, { type: each.type, effectiveOn, ...decided.effect });
          steps.push({ type: each.type, effectiveOn, position: 2n, ...decided.effect });
        }
        const history = historyOf(amount, steps);
        const flow = flowOf(history, PERIOD, 5n, leaves);
        const settled = FLOW_PARTS.reduce((sum, part) => sum + flow[part], 0n);
        expect(flow.opening + flow.raised).toBe(settled + flow.closing);
        expect([flow.raised, flow.closing, ...FLOW_PARTS.map((part) => flow[part])].every((part) => part >= 0n)).toBe(true);
        expect(flow.closing + flow.reclassified >= outstandingAt(history, { asOf: PERIOD.to, position: 5n })).toBe(true);
        const table = emptyTable(PERIOD, 2);
        const [row] = table.rows;
        if (row === undefined) throw new Error('no row');
        addFlow(row, flow, 1);
        addFlow(row, flow, 0);
        expect([row.opening, row.receivables, row.closing]).toEqual([2n * flow.opening, 2, [flow.closing, flow.closing]]);
      }),
    );
  });
});
