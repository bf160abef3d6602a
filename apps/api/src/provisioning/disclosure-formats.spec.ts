import { parse } from 'csv-parse/sync';
import type { PresentedRow } from '@app/credit-domain';
import type { Disclosure } from '@app/provisioning';
import { disclosureCsv } from './disclosure-csv';
import { disclosureHtml } from './disclosure-html';

const run = { id: 'R2', asOf: '2024-12-31', knownAt: '2025-01-05T00:00:00Z', position: 9n, hash: 'ab12', kindsLeftOut: [] };
const rowOf = (label: string): PresentedRow => ({
  ...{ key: label, label, role: 'line' },
  current: {
    gross: { type: 'amount', value: 1_234_567n, exact: 123_456_700_050n, gap: 0n },
    net: { type: 'amount', value: -12n, exact: -1_150_000n, gap: 1n },
    rate: { type: 'rate', value: '0.1453' },
    remark: { type: 'text', value: label },
  },
  comparative: { rate: { type: 'rate', value: null } },
});
const noteWith = (label: string): Disclosure => ({
  run,
  comparative: { ...run, id: 'R1', asOf: '2023-12-31' },
  ...{ currency: 'CNY', unit: 1000 },
  tables: [
    {
      ...{ id: 'table', title: 'A table', source: 'IFRS 7 35N', basis: 'gross' },
      columns: [
        { id: 'gross', label: 'Gross', type: 'amount' },
        { id: 'net', label: 'Net', type: 'amount' },
        { id: 'rate', label: 'Rate', type: 'rate' },
        { id: 'remark', label: 'Remark', type: 'text' },
      ],
      rows: [rowOf(label)],
    },
    { id: 'empty', title: 'Overlays', source: '', basis: '', columns: [], rows: [] },
  ],
  ties: [{ what: 'trade', left: { table: 'a', minor: 2n }, right: { table: 'b', minor: 1n }, difference: 1n }],
});

describe('the note as CSV', () => {
  it.each(['=1+1', '@SUM(A1)', '+44 20', '-2+3', '\tx', '\rx'])('does not let a debtor called %j run in a spreadsheet', (label) => {
    const rows = parse<Record<string, string>>(disclosureCsv(noteWith(label)), { columns: true, trim: false });
    expect(rows.map((row) => row['label'])).toEqual([`'${label}`, `'${label}`, `'${label}`, `'${label}`]);
    expect(rows[3]?.['value']).toBe(`'${label}`);
  });

  it('keeps negative figures numbers, exact amounts beside rounded ones, and commas and quotes inside their cell', () => {
    const rows = parse<Record<string, string>>(disclosureCsv(noteWith('Holdings, "A"')), { columns: true });
    expect(rows[1]).toEqual({
      ...{ table: 'table', row: 'Holdings, "A"', label: 'Holdings, "A"', role: 'line', column: 'net' },
      ...{ value: '-12', exact: '-11500.00', gap: '1', comparative_value: '', comparative_exact: '', comparative_gap: '' },
    });
    expect(rows[2]).toMatchObject({ column: 'rate', value: '0.1453', exact: '' });
  });
});

describe('the note as a page', () => {
  const page = disclosureHtml(noteWith('<script>alert("x")</script> & Co'));

  it('runs nothing and loads nothing, whatever a debtor is called', () => {
    expect(page).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/i);
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; Co');
  });

  it('shows both years, the unit, the foot rule, the marked gap and what does not agree', () => {
    expect(page).toContain('Receivables and contract assets at 2024-12-31, with 2023-12-31 beside it');
    expect(page).toContain('Amounts in CNY&#39;000. Each figure is rounded half up on its own.');
    expect(page).toContain('<td>1,234,567</td>');
    expect(page).toContain('(12)<span class="gap">gap 1</span>');
    expect(page).toContain('<td>14.53 %</td>');
    expect(page).toContain('<td class="comparative">n/a</td>');
    expect(page).toContain('trade: a and b differ by 0.01 CNY');
    expect(page).toContain('None.');
    expect(page).toContain('@media print');
  });

  it.each([
    [1, 'Amounts in CNY.'],
    [1_000_000, 'Amounts in CNY&#39;000000.'],
    [250, 'Amounts in units of 250 CNY.'],
  ])('names a unit of %d, so that no figure is read a thousand times too small', (unit, named) => {
    expect(disclosureHtml({ ...noteWith('x'), unit })).toContain(named);
  });

  it('says that the note is not whole when the run leaves a kind out', () => {
    const note = { ...noteWith('x'), run: { ...run, kindsLeftOut: ['other'] } };
    expect(disclosureHtml(note)).toContain('Not in the run: other; the note is not whole.');
  });
});
