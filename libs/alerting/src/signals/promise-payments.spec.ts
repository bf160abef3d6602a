import type { CashMovement } from '@app/credit-domain';
import { localDate } from '@app/credit-domain';
import { paidLater } from './promise-payments';

const TODAY = '2024-12-31';
const promise = (promiseId: string, dueOn: string, changed: object = {}) => ({
  promiseId,
  debtorId: 'D1',
  amount: 100n,
  paidInTime: 0n,
  currency: 'CNY',
  dueOn,
  counted: [],
  madeGood: false,
  ...changed,
});
const payment = (movementId: string, on: string, amount: bigint, currency = 'CNY'): CashMovement => ({
  movementId,
  position: BigInt(on.replaceAll('-', '')),
  type: 'payment',
  effectiveOn: localDate(on),
  receivableId: 'A',
  entityId: 'main',
  currency,
  gross: -amount,
  credit: 0n,
  recovered: 0n,
});
const paid = (promises: ReturnType<typeof promise>[], ...movements: CashMovement[]): string[] =>
  paidLater(promises, new Map([['D1', movements]]), TODAY).map(({ promiseId, paidLater: amount }) => `${promiseId} ${String(amount)}`);

describe('what was paid after a promise was missed', () => {
  it('is cash after the due date and no more than was missing, the oldest promise first, no payment twice', () => {
    const promises = [promise('later', '2024-12-10'), promise('earlier', '2024-12-01')];
    expect(paid(promises, payment('P1', '2024-12-15', 150n))).toEqual(['earlier 100', 'later 50']);
    expect(paid(promises, payment('P1', '2024-12-05', 150n))).toEqual(['earlier 100', 'later 0']);
  });

  it('is not what was counted in time, what came on the day, another currency, or the future', () => {
    const one = [promise('one', '2024-12-10', { paidInTime: 40n, counted: ['grace'] })];
    const others = [
      payment('grace', '2024-12-12', 40n),
      payment('day', '2024-12-10', 60n),
      payment('euro', '2024-12-12', 60n, 'EUR'),
      payment('next-year', '2025-01-02', 60n),
    ];
    expect(paid(one, ...others)).toEqual(['one 0']);
    expect(paid(one, ...others, payment('rest', '2024-12-20', 59n))).toEqual(['one 59']);
  });

  it('does not hold when it bounced, or an alert would end by a cheque that was never honoured', () => {
    const bounced = { ...payment('P2', '2024-12-20', -100n), type: 'payment_reversal' as const };
    expect(paid([promise('one', '2024-12-10')], payment('P1', '2024-12-15', 100n), bounced)).toEqual(['one 0']);
  });
});
