import { dunningPolicyFaults, type DunningLevel } from './dunning-policy';
import { fillHtml, fillLine, fillText, type MergeValues, parseTemplate, type TemplatePart } from './template';

const VALUES: MergeValues = {
  ...{ debtorId: 'D-1', debtorName: 'Löwe & <b>Söhne</b>', letterDate: '2026-03-01', level: '1', currency: 'CNY', total: '10.00' },
  ...{ itemCount: '1', oldestDueOn: '2026-01-01', daysPastDue: '59', fee: '0.00' },
};

function parts(text: string, place: 'subject' | 'body' = 'body'): readonly TemplatePart[] {
  const parsed = parseTemplate(text, place);
  if (!parsed.ok) throw new Error(parsed.fault.problem);
  return parsed.parts;
}

describe('a dunning text', () => {
  it.each([
    ['Dear {{debtorNam}}', 5, 'unknown-field', 'debtorNam'],
    ['Dear {{ debtorName }}', 5, 'unknown-field', ' debtorName '],
    ['Dear {{debtorName', 5, 'unclosed', null],
    ['Dear {{debtorName} and {{total}}', 5, 'unclosed', null],
    ['Dear debtorName}}', 15, 'unopened', null],
    ['{{}}', 0, 'unknown-field', ''],
    ['{{constructor}}', 0, 'unknown-field', 'constructor'],
    ['bell \u0007', 5, 'control-character', null],
  ])('that reads %j is refused at its place, or a debtor would be sent the braces', (text, position, problem, field) => {
    expect(parseTemplate(text, 'body')).toEqual({ ok: false, fault: { position, problem, field } });
  });

  it('in a subject is one line, and holds no list', () => {
    expect(parseTemplate('Reminder\r\nBcc: everyone@example.com', 'subject')).toMatchObject({
      ok: false,
      fault: { position: 8, problem: 'control-character' },
    });
    expect(parseTemplate('{{items}}', 'subject')).toMatchObject({ ok: false, fault: { problem: 'field-not-allowed' } });
  });

  it('escapes what is merged in and what was typed, so that no name brings a script along', () => {
    const html = fillHtml(parts('Dear {{debtorName}},\n<script>alert(1)</script>\n\n{{items}}\n\nBye "now"'), VALUES, '<table></table>');
    expect(html).toBe(
      '<p>Dear Löwe &amp; &lt;b&gt;Söhne&lt;/b&gt;,<br>&lt;script&gt;alert(1)&lt;/script&gt;</p><table></table><p>Bye &quot;now&quot;</p>',
    );
    expect(fillText(parts('{{debtorName}}: {{items}} {x}'), VALUES, 'list')).toBe('Löwe & <b>Söhne</b>: list {x}');
  });

  it('never lets a merged value start a header of its own', () => {
    const line = fillLine(parts('For {{debtorName}}', 'subject'), { ...VALUES, debtorName: 'Evil\r\nBcc: all@example.com\u2028X' });
    expect(line).toBe('For Evil Bcc: all@example.com X');
  });
});

describe('a dunning policy', () => {
  const level = (number: number, daysPastDue: number, waitDays: number, body = 'Pay'): DunningLevel => ({
    ...{ level: number, daysPastDue, waitDays, minimumAmount: null, channel: 'letter', subject: 'Reminder', body, fee: null },
  });
  const faults = (...levels: DunningLevel[]) =>
    dunningPolicyFaults({ name: 'P', appliesTo: { segments: null, kinds: null, minimumAmount: null }, levels }).map(({ code, pointer }) => [
      code,
      pointer,
    ]);

  it.each([
    ['rises', [level(1, 5, 0), level(2, 10, 5)], []],
    ['leaves a level out', [level(1, 5, 0), level(3, 10, 5)], [['dunning-policy-invalid', '/levels/1/level']]],
    ['asks for no more days', [level(1, 5, 0), level(2, 5, 5)], [['dunning-policy-invalid', '/levels/1/daysPastDue']]],
    ['does not wait', [level(1, 5, 0), level(2, 10, 0)], [['dunning-policy-invalid', '/levels/1/waitDays']]],
    ['does not parse', [level(1, 5, 0, '{{nope}}')], [['template-invalid', '/levels/0/body']]],
  ])('that %s is told so at the place', (_name, levels, expected) => {
    expect(faults(...levels)).toEqual(expected);
  });
});
