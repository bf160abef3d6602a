import { toldMessage } from '..';
import { evaluateOverdueDebtor } from '.';
import { isMeasured } from '../evaluation';

describe('a message about money', () => {
  it('says it in its currency, not in minor units that read a hundred times as much', () => {
    const debtor = {
      debtorId: 'D1',
      segment: '',
      balances: [{ entityId: 'main', currency: 'CNY', overdue: 85_050n, oldestDueOn: '2024-12-01' }],
    };
    const rule = {
      type: 'overdue-debtor',
      measure: 'amount',
      enter: '100.00',
      exit: '80.00',
      currency: 'CNY',
      minimum: '0',
      minimumDays: 0,
      segment: null,
    } as const;
    const { evaluations } = evaluateOverdueDebtor(
      rule,
      { asOf: '2024-12-31', open: [] },
      { debtors: [debtor], isWhole: false, translation: ({ minor }) => minor },
    );
    const [evaluation] = evaluations;
    if (evaluation === undefined || !isMeasured(evaluation)) throw new Error('not measured');
    const message = toldMessage('fired', { ...evaluation, alertId: 'a', name: 'Overdue', severity: 'warning', resolved: null });
    expect(message.facts[0]).toEqual({ name: 'Overdue of D1', value: 'CNY 850.50' });
  });
});
