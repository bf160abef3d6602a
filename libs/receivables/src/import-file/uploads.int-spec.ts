import { TextEncoder } from 'node:util';
import { Refusal } from '@app/platform';
import { CHUNK_BYTES, UPLOAD_RETENTION_DAYS } from './import-limits';
import { purgeExpired } from './expire-uploads';
import { HEADERS, TestBook } from './import.fixture';
import { receivablesEventSchemas } from '../events';

const utf16 = (text: string, order: 'le' | 'be', mark = true): Buffer => {
  const bytes = Buffer.from(`${mark ? '\ufeff' : ''}${text}`, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
};

describe('uploads', () => {
  jest.setTimeout(30_000);
  let book: TestBook;
  beforeAll(async () => {
    book = await TestBook.create();
  });
  afterAll(() => book.drop());

  const debtor = (id: string, name: string): string => `${HEADERS.debtors}\n${id},${name},std,false,CN,30,,\n`;
  const nameOf = async (id: string): Promise<unknown> => {
    const [fact] = await book.rows<{ personal: { [key: string]: string } }>(
      'SELECT personal FROM rc.debtor_fact JOIN rc.debtor USING (tenant_id, debtor_no) WHERE debtor_id = $1',
      [id],
    );
    const personal = await book.database.read(1, (tx) => book.vault.decrypt(tx, 1, `debtor/${id}`, fact?.personal ?? {}));
    return personal?.['name'];
  };

  it.each<[string, string, Buffer, string | undefined]>([
    ['UTF-8', 'Zhōng 中 é', Buffer.from(debtor('utf8', 'Zhōng 中 é')), undefined],
    ['UTF-8 with a byte-order mark', '中', Buffer.from(`\ufeff${debtor('utf8-bom', '中')}`), undefined],
    ['UTF-8 with a mark though another charset was named', '中', Buffer.from(`\ufeff${debtor('utf8-bom2', '中')}`), 'windows-1252'],
    ['UTF-16, little end first', '中', utf16(debtor('utf16le', '中'), 'le'), undefined],
    ['UTF-16, big end first', '中', utf16(debtor('utf16be', '中'), 'be'), undefined],
    ['UTF-16 without a mark, named', '中', utf16(debtor('utf16n', '中'), 'le', false), 'utf-16le'],
    ['Windows-1252, named', 'Café', Buffer.from(debtor('cp1252', 'Café'), 'latin1'), 'windows-1252'],
    [
      'GB18030, named',
      '中',
      Buffer.concat([Buffer.from(`${HEADERS.debtors}\ngb,`), Buffer.from([0xd6, 0xd0]), Buffer.from(',std,false,CN,30,,\n')]),
      'gb18030',
    ],
  ])('keep every letter of a file in %s', async (_name, name, bytes, charset) => {
    const outcome = await book.importText('debtors', bytes, charset === undefined ? {} : { charset });
    expect(outcome).toMatchObject({ accepted: 1, rejected: 0 });
    const [last] = await book.rows<{ debtor_id: string }>('SELECT debtor_id FROM rc.debtor ORDER BY debtor_no DESC LIMIT 1');
    expect(await nameOf(last?.debtor_id ?? '')).toBe(name);
  });

  const refused = (kind: string, body: string | Uint8Array, options = {}): Promise<unknown> =>
    book.upload(kind, body, options).then(
      () => 'accepted',
      (error: unknown) => (error instanceof Refusal ? [error.code, ...error.errors.map((at) => at.column ?? at.row)] : error),
    );

  it.each<[string, string, string | Uint8Array, object, readonly unknown[]]>([
    ['of an unknown kind', 'invoices', 'a\n1\n', {}, ['import-kind-unknown']],
    ['with nothing in it', 'debtors', '', {}, ['file-empty']],
    ['of a byte-order mark alone', 'debtors', '\ufeff', {}, ['file-empty']],
    ['of blank lines', 'debtors', '\n\n,,\n', {}, ['file-empty']],
    ['without a required column', 'fx-rates', 'base,quote,rate\nUSD,CNY,7\n', {}, ['column-missing', 'effective_on']],
    ['with semicolons', 'fx-rates', 'base;quote;rate;effective_on\n', {}, ['column-missing', 'base', 'quote', 'rate', 'effective_on']],
    ['that names a column twice', 'fx-rates', 'base,quote,rate,effective_on,BASE\n', {}, ['column-duplicate', 'base']],
    ['that names an extra column twice', 'fx-rates', 'base,quote,rate,effective_on,x,x\n', {}, ['column-duplicate', 'x']],
    ['with a nameless column', 'fx-rates', 'base,quote,rate,effective_on,\n', {}, ['column-invalid', '']],
    ['whose header never ends', 'fx-rates', `"base${'x'.repeat(500_000)}`, {}, ['csv-structure', 1]],
    ['with bytes that are no UTF-8', 'debtors', Buffer.from(debtor('x', 'Café'), 'latin1'), {}, ['encoding-invalid']],
    [
      'that breaks off inside a letter',
      'debtors',
      new TextEncoder().encode(`${HEADERS.debtors}\nx,é`).slice(0, -1),
      {},
      ['encoding-invalid'],
    ],
    ['in UTF-16 that does not say so', 'debtors', utf16(debtor('x', 'y'), 'le', false), {}, ['encoding-invalid']],
    ['in a charset nobody knows', 'debtors', debtor('x', 'y'), { charset: 'klingon' }, ['charset-unknown']],
    ['of CSV sent as NDJSON', 'debtors', debtor('x', 'y'), { format: 'ndjson' }, ['json-structure', 1]],
  ])('refuse a file %s and store nothing of it', async (_name, kind, body, options, expected) => {
    const count = 'SELECT (SELECT count(*) FROM rc.import) + (SELECT count(*) FROM rc.import_chunk) AS stored';
    const before = await book.rows(count);
    expect(await refused(kind, body, options)).toEqual(expected);
    expect(await book.rows(count)).toEqual(before);
  });

  it('store a file in pieces, and answer only when the intent to run it stands with the fact that it came', async () => {
    const rows = Array.from({ length: 30_000 }, (_, i) => `big${String(i)},Name ${String(i)},std,false,CN,30,,`);
    const id = await book.upload('debtors', [HEADERS.debtors, ...rows].join('\n'));
    const [stored] = await book.rows<{ pieces: bigint; longest: number }>(
      'SELECT count(*) AS pieces, max(length(bytes)) AS longest FROM rc.import_chunk WHERE import_id = $1',
      [id],
    );
    expect(Number(stored?.pieces)).toBeGreaterThan(1);
    expect(stored?.longest).toBe(CHUNK_BYTES);
    expect(book.requested.at(-1)).toBe('import');
    expect(await book.record(id)).toMatchObject({ status: 'queued' });
    await book.run(id);
    expect(await book.outcome(id)).toMatchObject({ accepted: 30_000 });
  });

  it('bring in the same import once when a request is repeated under its Idempotency-Key', async () => {
    const context = { ...book.context(), newId: () => '5f0c8f4e-5d0c-5b7e-9d59-1a1f6a1b2c3d' };
    const first = await book.upload('debtors', debtor('once', 'Once'), {}, context);
    expect(await book.upload('debtors', debtor('once', 'Once'), {}, context)).toBe(first);
    expect(await book.rows('SELECT count(*) AS imports FROM rc.import WHERE import_id = $1', [first])).toEqual([{ imports: 1n }]);
  });

  it('give the refused rows back with their place and reason, and take the mended file in as it is', async () => {
    const header = `${HEADERS.debtors},note`;
    const rows = [
      'm1,"Smith, ""S""\nSons",std,maybe,CN,30,,,=HYPERLINK(1)',
      'm2,Ok,std,false,CN,30,,,',
      'm3,Three,std,false,China,30,-12.50,CNY,-12.50',
      'm4,Four',
    ];
    const first = await book.import('debtors', rows, { header });
    expect(first).toMatchObject({ accepted: 1, rejected: 3 });
    const csv = await book.rejectsCsv(first.id);
    expect(csv.split('\n')[0]).toBe(`${header},row,column,code,reason`);
    expect(csv).toContain(`"Smith, ""S""\nSons",std,maybe,CN,30,,,'=HYPERLINK(1),2,related_party,boolean-format,`);
    expect(csv).toContain('m4,Four,,,,,,,,5,,csv-structure,');
    const mended = csv
      .replace('maybe', 'yes')
      .replace('China', 'CN')
      .replace('-12.50,CNY', '12.50,CNY')
      .replace(/^m4.*\n/m, '');
    const second = await book.importText('debtors', mended);
    expect(second).toMatchObject({ accepted: 2, rejected: 0 });
    expect(await nameOf('m1')).toBe('Smith, "S"\nSons');
    expect(await book.import('debtors', [rows[0]?.replace('maybe', 'yes') ?? ''], { header })).toMatchObject({ accepted: 0, unchanged: 1 });
  });

  it('keep the reason of a movement apart from the reason of a refusal when a mended file holds both', async () => {
    await book.import('receivables', ['RR,m2,trade,CNY,10.00,2024-01-01,,2024-02-01,RR']);
    const header = `${HEADERS.movements},reason`;
    const first = await book.import('movements', ['MR,RR,adjustment,1.0.0,2024-01-02,,price'], { header });
    const mended = (await book.rejectsCsv(first.id)).replace('1.0.0', '1.00');
    expect(await book.importText('movements', mended)).toMatchObject({ accepted: 1, rejected: 0 });
    expect(await book.import('movements', ['MR,RR,adjustment,1.00,2024-01-02,,price'], { header })).toMatchObject({ unchanged: 1 });
  });

  it('read NDJSON with the same rules, amounts as text', async () => {
    const lines = [
      {
        receivable_id: 'J1',
        debtor_id: 'm2',
        kind: 'trade',
        currency: 'CNY',
        amount: '10.50',
        recognised_on: '2024-01-01',
        due_on: '2024-02-01',
        region: 'east',
        on_demand: false,
      },
      {
        receivable_id: 'J2',
        debtor_id: 'm2',
        kind: 'trade',
        currency: 'CNY',
        amount: 10,
        recognised_on: '2024-01-01',
        due_on: null,
        on_demand: true,
      },
      {
        receivable_id: 'J3',
        debtor_id: 'm2',
        kind: 'trade',
        currency: 'CNY',
        amount: 10.5,
        recognised_on: '2024-01-01',
        due_on: '2024-02-01',
      },
      {
        receivable_id: 'J4',
        debtor_id: 'm2',
        kind: 'trade',
        currency: 'CNY',
        amount: '1',
        recognised_on: '2024-01-01',
        due_on: '2024-02-01',
        tags: ['x'],
      },
      { receivable_id: 'J5\ud800', debtor_id: 'm2', extra: 'kept', __proto__x: '1' },
    ];
    const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n{broken\n\n[1]\n`;
    const outcome = await book.importText('receivables', text, { format: 'ndjson' });
    expect(outcome).toMatchObject({
      accepted: 2,
      refusals: ['3 json-structure', '4 json-structure', '5 receivable_id control-character', '6 json-structure', '8 json-structure'],
    });
    expect(
      await book.rows(
        `SELECT data->'attributes' AS attributes, data->>'onDemand' AS "onDemand" FROM es.event WHERE data->>'receivableId' IN ('J1', 'J2') ORDER BY position`,
      ),
    ).toEqual([
      { attributes: { region: 'east' }, onDemand: null },
      { attributes: {}, onDemand: 'true' },
    ]);
    expect((await book.rejectsCsv(outcome.id)).split('\n')[0]).toBe(
      `${HEADERS.receivables},entity_id,class,tax_amount,expected_on,on_demand,taken_on,contract_no,__proto__x,extra,row,column,code,reason`,
    );
  });

  it('lose no good row to a bad neighbour: quotes left open, fields too long, binary dirt', async () => {
    const good = (i: number): string => `c${String(i)},Name ${String(i)},std,false,CN,30,,`;
    const bad = [
      'b1,"open,std,false,CN,30,,',
      'b2,a"b,std,false,CN,30,,',
      'b3,"a"b,std,false,CN,30,,',
      'b4,\u0001\u0002,std,false,CN,30,,',
      `b5,"${'x'.repeat(300_000)}",std,false,CN,30,,`,
      `b6,${'y'.repeat(20_000)},std,false,CN,30,,`,
    ];
    const rows = bad.flatMap((line, i) => [good(2 * i), line, good(2 * i + 1)]);
    const outcome = await book.import('debtors', rows);
    expect(outcome).toMatchObject({ accepted: 12, rejected: 6 });
    expect(outcome.refusals.map((text) => text.split(' ').at(-1))).toEqual([
      'csv-structure',
      'csv-structure',
      'csv-structure',
      'control-character',
      'csv-structure',
      'cell-too-long',
    ]);
  });

  it('are removed with their refused rows when their time is over; what they came to stays', async () => {
    const { id } = await book.import('fx-rates', ['USD,CNY,x,2024-01-01']);
    const later = new Date(Date.now() + (UPLOAD_RETENTION_DAYS * 24 + 1) * 3_600_000);
    await purgeExpired(book.database, 1, later);
    expect(await book.rows('SELECT count(*) AS pieces FROM rc.import_chunk WHERE import_id = $1', [id])).toEqual([{ pieces: 0n }]);
    await expect(book.rejectsCsv(id)).rejects.toMatchObject({ code: 'import-expired' });
    expect(await book.record(id)).toMatchObject({ status: 'completed', rejected: 1 });
  });

  it('record nothing that does not fit the published schemas of events', async () => {
    const recorded = await book.rows<{ name: keyof typeof receivablesEventSchemas; data: unknown }>(
      'SELECT t.name, e.data FROM es.event e JOIN es.event_type t ON t.code = e.type ORDER BY e.position',
    );
    for (const { name, data } of recorded) receivablesEventSchemas[name].parse(data);
    expect(new Set(recorded.map((event) => event.name)).size).toBeGreaterThan(4);
  });
});
