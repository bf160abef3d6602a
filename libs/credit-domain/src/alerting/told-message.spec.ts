import { isMeasured } from './evaluation';
import { fiscalYear2023, fiscalYear2024 } from './published-book.fixture';
import type { CloseRuleDefinition } from './rule-definition';
import { evaluateRule } from './rules/evaluate-rule';
import type { ToldAlert } from './told-message';
import { digestMessage, explanationOf, toldMessage } from './told-message';

const shift = { base: 'previous-close', kinds: ['trade'], segment: null, assessed: 'all' } as const;
const DEFINITIONS: readonly (readonly [string, CloseRuleDefinition])[] = [
  [
    'Over three years',
    {
      ...shift,
      type: 'ageing-share-shift',
      scheme: 'months-6-12-24-36-48',
      olderThan: { unit: 'years', count: 3 },
      enter: '0.1',
      exit: '0.08',
    },
  ],
  ['Coverage', { ...shift, type: 'coverage-shift', enter: '0.05', exit: '0.04' }],
];
const [share, coverage] = DEFINITIONS.map(([name, definition], index): ToldAlert => {
  const [evaluation] = evaluateRule(definition, fiscalYear2024, [fiscalYear2023, fiscalYear2024]).filter(isMeasured);
  if (evaluation === undefined) throw new Error('the published shift is measured');
  return { ...evaluation, alertId: `alert-${String(index)}`, name, severity: 'critical', resolved: null };
}) as [ToldAlert, ToldAlert];

describe('what is told', () => {
  it('speaks of a group by its head, and brings the others with their causes and the bridge of each', () => {
    const message = toldMessage('fired', share, { bridges: [], debtors: [], view: '/v1/ageing' }, [coverage]);
    expect(message.title).toBe('Critical: Over three years (and 1 more)');
    expect(message.members).toEqual([{ alertId: 'alert-1', title: 'Critical: Coverage', text: `${coverage.cause}.` }]);
    expect(message.bridges.map(({ subject, legs }) => [subject, legs.map(({ amount }) => amount)])).toEqual([
      ['Coverage', ['+9.93 points', '+2.80 points']],
    ]);
    expect(message.view).toBe('/v1/ageing');
  });

  it('names those of the rule it is titled by after what each is about, or every line of a fan-out would read the same', () => {
    const sibling = { ...share, alertId: 'sibling', subject: 'Gross older than 3 years, South' };
    expect(toldMessage('fired', share, undefined, [sibling]).members[0]?.title).toBe('Critical: Gross older than 3 years, South');
  });

  it('says for what reason it speaks again, and that a worse one is worse', () => {
    const titles = (['worsened', 'repeat', 'escalated', 'ack-expired'] as const).map((reason) => toldMessage(reason, share));
    expect(titles.map(({ title }) => title)).toEqual([
      'Critical, worse: Over three years',
      'Critical, still firing: Over three years',
      'Critical, unattended: Over three years',
      'Critical, unattended: Over three years',
    ]);
    expect(titles.map(({ text }) => text.slice(0, text.indexOf('.')))).toEqual([
      'Worse than what was told before',
      'Still firing, and nobody has acknowledged it',
      'Nobody has acknowledged this in time',
      'It was acknowledged, and that has expired while it still fires',
    ]);
  });

  it('says of a resolved one why it is over, and explains nothing that no longer matters beside it', () => {
    const message = toldMessage('resolved', { ...share, resolved: 'rule-changed' }, undefined, [{ ...coverage, resolved: 'below-exit' }]);
    expect(message.title).toBe('Resolved: Over three years (and 1 more)');
    expect(message.text).toMatch(/^Closed because its rule was changed/);
    expect(message.members[0]?.title).toBe('Resolved: Coverage');
    expect(message.bridges.map(({ subject }) => subject)).not.toContain('Coverage');
  });

  it('names debtors with what they had at the base, by id alone: names have no place in the log', () => {
    const { debtors } = explanationOf(
      { bridges: [], baseAsOf: '2023-12-31', currency: 'CNY' },
      [
        { debtorId: 'D1', amount: 1_500_00n, before: 500_00n },
        { debtorId: 'D2', amount: 900_00n, before: 900_00n },
        { debtorId: 'D3', amount: 800_50n, before: null },
        { debtorId: 'D4', amount: 1_00n, before: 2_00n },
      ],
      null,
    );
    expect(debtors).toEqual([
      { debtorId: 'D1', amount: 'CNY 1,500.00 (+1,000.00 since 2023-12-31)' },
      { debtorId: 'D2', amount: 'CNY 900.00 (unchanged since 2023-12-31)' },
      { debtorId: 'D3', amount: 'CNY 800.50' },
      { debtorId: 'D4', amount: 'CNY 1.00 (-1.00 since 2023-12-31)' },
    ]);
  });

  it('prints a change that is the difference of the printed figures', () => {
    expect(toldMessage('fired', coverage).facts.slice(0, 2)).toEqual([
      { name: 'Coverage', value: '52.97 % → 65.70 %' },
      { name: 'Change', value: '+12.73 points' },
    ]);
  });

  it('keeps a title on one line and within what a subject holds, whatever a rule is called', () => {
    const { title } = toldMessage('fired', { ...share, name: `Bcc: a@example.com\r\n${'x'.repeat(300)}` });
    expect(title).toMatch(/^Critical: Bcc: a@example\.com x+…$/);
    expect(Array.from(title)).toHaveLength(140);
  });

  it('counts in a digest what is open and what is over, and says when the list is cut', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      ...share,
      alertId: String(index),
      resolved: index < 5 ? ('below-exit' as const) : null,
    }));
    const message = digestMessage('2024-12-31', many);
    expect(message.title).toBe('Alerts of 2024-12-31: 20 open, 5 resolved');
    expect(message.text).toBe('The first 20 of 25 are listed.');
    expect(message.members).toHaveLength(20);
  });
});
