import { eventually, startFakeSmtp, steppableClock } from '@app/testing';
import { type Caller, finished, ok, startApp, type StartedApp } from './started-app.fixture';

jest.setTimeout(120_000);

interface Letter {
  readonly id: string;
  readonly debtorId: string;
  readonly level: number;
  readonly state: string;
  readonly receivableIds: readonly string[];
  readonly fee: { readonly amount: string; readonly currency: string } | null;
  readonly failure: string | null;
}
interface Preview {
  readonly debtors: readonly {
    readonly debtorId: string;
    readonly letters: readonly { readonly level: number; readonly items: readonly { readonly receivableId: string }[] }[];
    readonly notDunned: readonly { readonly receivableId: string; readonly reason: string; readonly until: string | null }[];
  }[];
}

const START = '2026-03-01';
const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const MOVEMENTS = 'movement_id,receivable_id,type,amount,effective_on,reference\n';
const level = (number: number, daysPastDue: number, waitDays: number, more: object = {}) => ({
  ...{ level: number, daysPastDue, waitDays, channel: 'letter', subject: 'Reminder {{level}} for {{debtorName}}' },
  ...{ body: 'Dear {{debtorName}},\n\nplease pay {{currency}} {{total}}.\n\n{{items}}\n\nThank you.', ...more },
});
const POLICY = {
  name: 'Three letters',
  levels: [level(1, 5, 0), level(2, 15, 7, { fee: { amount: '40.00', currency: 'CNY' } }), level(3, 30, 10)],
};

describe('dunning, complaint by complaint', () => {
  const clock = steppableClock(new Date(`${START}T08:00:00Z`));
  let app: StartedApp;
  let controller: Caller;
  let manager: Caller;

  beforeAll(async () => {
    app = await startApp({ clock });
    controller = await app.principal('Controller', ['controller']);
    manager = await app.principal('Manager', ['manager']);
    await ok(
      manager('POST', '/v1/dunning-policies', {
        ...POLICY,
        name: 'Special',
        appliesTo: { segments: ['special'] },
        levels: [level(1, 5, 0)],
      }),
    );
    await ok(manager('POST', '/v1/dunning-policies', { ...POLICY, appliesTo: { segments: ['S'] } }));
  });
  afterAll(() => app.stop());

  const book = async (
    debtor: string,
    receivables: readonly (readonly [id: string, amount: string, dueOn: string])[],
    segment = 'S',
    name = debtor,
  ) => {
    await app.importCsv(app.admin, 'debtors', `${DEBTORS}${debtor},${name},${segment},false,CN,30,,,2026-01-01\n`);
    const rows = receivables.map(([id, amount, dueOn]) => `${id},${debtor},trade,CNY,${amount},2026-01-01,,${dueOn},DOC-${id}\n`);
    await app.importCsv(app.admin, 'receivables', RECEIVABLES + rows.join(''));
  };
  const pay = async (receivableId: string, amount: string, on: string, first?: () => Promise<void>) => {
    await first?.();
    await app.importCsv(app.admin, 'movements', `${MOVEMENTS}pay-${receivableId}-${on},${receivableId},payment,${amount},${on},bank\n`);
  };
  const run = async (): Promise<Record<string, number>> => {
    const { id } = await ok<{ id: string }>(controller('POST', '/v1/dunning-runs', {}));
    const done = await finished<{ status: string; notDunned: Record<string, number> }>(controller, `/v1/dunning-runs/${id}`);
    expect(done.status).toBe('completed');
    return done.notDunned;
  };
  /** Lets time go by, and waits for the run each day has by itself: what is recorded next would otherwise meet it halfway. */
  const step = async (go: () => void): Promise<void> => {
    go();
    const today = clock.today();
    const isMade = async (): Promise<boolean> => {
      const { items } = await ok<{ items: { asOf: string; status: string }[] }>(controller('GET', '/v1/dunning-runs'));
      return items.some(({ asOf, status }) => asOf === today && status === 'completed');
    };
    await eventually(isMade, 30_000, `the run of ${today}`);
  };
  const letters = async (debtor: string): Promise<Letter[]> => {
    const { items } = await ok<{ items: Letter[] }>(controller('GET', `/v1/dunning-letters?debtorId=${debtor}`));
    return [...items].reverse();
  };
  const told = async (debtor: string) =>
    (await letters(debtor)).map(({ level: number, state, receivableIds }) => [number, state, receivableIds.join()]);
  const send = async (debtor: string): Promise<void> => {
    for (const { id, state } of await letters(debtor))
      if (state === 'issued') await ok(controller('POST', `/v1/dunning-letters/${id}/sent`, {}));
  };
  const previewed = async (debtor: string) => {
    const { preview } = await ok<{ preview: Preview }>(controller('POST', '/v1/dunning-runs', { preview: true }));
    return preview.debtors.find(({ debtorId }) => debtorId === debtor);
  };

  it('sends the first letter once, however often the run is made that day (FOSSBilling#3963)', async () => {
    await book('A', [['A1', '100.00', '2026-02-20']]);
    await run();
    expect(await told('A')).toEqual([[1, 'issued', 'A1']]);
    await Promise.all([run(), run()]);
    await run();
    expect(await told('A')).toHaveLength(1);
    await send('A');
    await run();
    expect(await told('A')).toEqual([[1, 'sent', 'A1']]);
  });

  it('issues no later level while an earlier letter has not gone out (OCA/credit-control#122)', async () => {
    await book('B', [['B1', '100.00', '2026-01-05']]);
    await run();
    await step(() => clock.addDays(20));
    await run();
    expect((await previewed('B'))?.notDunned).toEqual([expect.objectContaining({ receivableId: 'B1', reason: 'earlier-letter-unsent' })]);
    expect(await told('B')).toEqual([[1, 'issued', 'B1']]);
    await send('B');
    expect((await previewed('B'))?.notDunned).toEqual([
      { receivableId: 'B1', reason: 'waiting-after-former-level', level: 2, until: '2026-03-28' },
    ]);
    await step(() => clock.addDays(7));
    await run();
    expect(await told('B')).toEqual([
      [1, 'sent', 'B1'],
      [2, 'issued', 'B1'],
    ]);
    await send('B');
  });

  it('neither skips a level nor moves a clock when the oldest invoice is paid (killbill#2297)', async () => {
    expect(clock.today()).toBe('2026-03-28');
    await book('C', [
      ['C-old', '100.00', '2026-03-10'],
      ['C-young', '50.00', '2026-03-16'],
    ]);
    await run();
    expect(await told('C')).toEqual([[1, 'issued', 'C-old,C-young']]);
    await send('C');
    await book('C', [['C-new', '25.00', '2026-03-27']]);
    await pay('C-old', '100.00', '2026-03-29', () => step(() => clock.addDays(1)));
    await step(() => clock.addDays(5));
    await run();
    // The young one is 18 days past due: level 2 waits for its own seven days, and the new one gets its own first letter.
    expect((await told('C')).slice(1)).toEqual([[1, 'issued', 'C-new']]);
    await send('C');
    await step(() => clock.addDays(1));
    await run();
    expect((await told('C')).slice(2)).toEqual([[2, 'issued', 'C-young']]);
    await send('C');
    expect((await letters('C')).map(({ level: number }) => number)).toEqual([1, 1, 2]);
  });

  it('keeps letters and their fees on record when everything is paid and reconciled (Tryton, erpnext#58220)', async () => {
    const { items: owed } = await ok<{ items: { id: string; outstanding: { amount: string } }[] }>(
      controller('GET', '/v1/debtors/C/receivables'),
    );
    for (const { id, outstanding } of owed) await pay(id, outstanding.amount, clock.today());
    await run();
    const kept = await letters('C');
    expect(kept.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    expect(kept.at(-1)?.fee).toEqual({ amount: '40.00', currency: 'CNY' });
    const page = await controller('GET', `/v1/dunning-letters/${kept.at(-1)?.id ?? ''}`);
    expect(page.text).toContain('<h1>Reminder 2 for C</h1>');
    expect(page.text).toContain('50.00');
  });

  it('leaves alone what is promised or disputed, names it, and looks again by itself (Odoo, invoiced.com)', async () => {
    const today = clock.today();
    await book('D', [
      ['D-disputed', '100.00', '2026-03-01'],
      ['D-open', '50.00', '2026-03-01'],
    ]);
    await book('E', [['E1', '80.00', '2026-03-01']]);
    await ok(
      controller('POST', '/v1/debtors/D/disputes', {
        receivableIds: ['D-disputed'],
        reason: 'quality',
        amount: { amount: '100.00', currency: 'CNY' },
      }),
    );
    const dueOn = '2026-04-08';
    await ok(controller('POST', '/v1/debtors/E/promises', { amount: { amount: '80.00', currency: 'CNY' }, dueOn, madeOn: today }));
    const left = await run();
    expect([left['dispute'], left['promise']]).toEqual([1, 1]);
    expect(await told('D')).toEqual([[1, 'issued', 'D-open']]);
    expect(await told('E')).toEqual([]);
    expect((await previewed('E'))?.notDunned).toEqual([expect.objectContaining({ receivableId: 'E1', reason: 'promise' })]);
    // Nobody resumes it by hand: the promise is judged broken, and the run of the day after goes on with the first level.
    await step(() => clock.goTo('2026-04-20'));
    await eventually(
      async () => (await previewed('E'))?.notDunned.every(({ reason }) => reason !== 'promise') === true,
      15_000,
      'the promise judged',
    );
    await run();
    expect(await told('E')).toEqual([[1, 'issued', 'E1']]);
  });

  it('stops for a hold that pauses dunning, and goes on after it', async () => {
    await book('H', [['H1', '80.00', '2026-03-01']]);
    await ok(controller('POST', '/v1/debtors/H/credit-hold', { reason: 'with our lawyers', pausesDunning: true }));
    await run();
    expect((await previewed('H'))?.notDunned).toEqual([expect.objectContaining({ reason: 'credit-hold' })]);
    await ok(controller('POST', '/v1/debtors/H/credit-hold/release', { reason: 'settled' }));
    await run();
    expect(await told('H')).toEqual([[1, 'issued', 'H1']]);
  });

  it('refuses a run of a day before the last one, or of a day ahead (OCA)', async () => {
    const before = await controller('POST', '/v1/dunning-runs', { asOf: '2026-04-01' });
    expect([before.status, before.json]).toEqual([409, expect.objectContaining({ code: 'dunning-run-before-last' })]);
    const ahead = await controller('POST', '/v1/dunning-runs', { asOf: '2027-01-01', preview: true });
    expect([ahead.status, ahead.json]).toEqual([422, expect.objectContaining({ code: 'date-in-future' })]);
  });

  it('makes the run of the day by itself, so that reminders never stop silently (invoiceninja#9299)', async () => {
    await book('F', [['F1', '10.00', '2026-04-18']]);
    expect(await told('F')).toEqual([]);
    await step(() => clock.addDays(4));
    await eventually(async () => (await told('F')).length === 1, 20_000, 'the daily run');
  });

  it('prints a letter in which no name brings a script along, under a policy that lets none run', async () => {
    await book('X', [['X1', '10.00', '2026-03-01']], 'special', '<script>alert(1)</script> & Co');
    await run();
    const [letter] = await letters('X');
    const page = await controller('GET', `/v1/dunning-letters/${letter?.id ?? ''}`);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script');
    expect(page.text).toContain('Dear &lt;script&gt;alert(1)&lt;/script&gt; &amp; Co,');
    const text = await controller('GET', `/v1/dunning-letters/${letter?.id ?? ''}?format=text`);
    expect(text.text).toContain('DOC-X1  due 2026-03-01');
  });

  it('asks for the level again once a letter is withdrawn, and says no to what cannot be', async () => {
    const [letter] = await letters('X');
    const at = `/v1/dunning-letters/${letter?.id ?? ''}`;
    const early = await controller('POST', `${at}/sent`, { on: '2026-01-01' });
    expect([early.status, early.json]).toEqual([422, expect.objectContaining({ code: 'date-before-letter' })]);
    await ok(controller('POST', `${at}/withdraw`, { reason: 'wrong address' }));
    const again = await controller('POST', `${at}/sent`, {});
    expect([again.status, again.json]).toEqual([409, expect.objectContaining({ code: 'dunning-letter-withdrawn' })]);
    await run();
    expect(await told('X')).toEqual([
      [1, 'withdrawn', 'X1'],
      [1, 'issued', 'X1'],
    ]);
  });

  it('sends a level by email once, and holds the next back where nobody knows whether it arrived', async () => {
    const smtp = await startFakeSmtp();
    const channelId = (
      await ok<{ id: string }>(
        app.admin('POST', '/v1/channels', { type: 'email', to: ['team@example.com'], smtp: { host: smtp.host, port: smtp.port } }),
      )
    ).id;
    const levels = [level(1, 5, 0, { channel: 'email', mailChannelId: channelId })];
    await ok(manager('POST', '/v1/dunning-policies', { name: 'By email', appliesTo: { segments: ['mail'] }, levels }));
    const done = async (debtor: string) => ['sent', 'failed'].includes((await letters(debtor))[0]?.state ?? '');
    const outcomes: unknown[] = [];
    for (const debtor of ['M', 'N', 'O']) {
      await book(debtor, [[`${debtor}1`, '10.00', '2026-03-01']], 'mail', `${debtor} Ltd`);
      const contact = { name: 'Ada', email: `ada@${debtor.toLowerCase()}.example` };
      if (debtor !== 'O') await ok(controller('POST', `/v1/debtors/${debtor}/contacts`, contact));
      if (debtor === 'M') smtp.answerNext('drop');
      await run();
      await eventually(() => done(debtor), 30_000, 'the mail');
      const [letter] = await letters(debtor);
      outcomes.push([letter?.state, letter?.failure]);
    }
    expect(outcomes.slice(0, 2)).toEqual([
      ['failed', 'outcome-unknown'],
      ['sent', null],
    ]);
    expect((await letters('O'))[0]).toMatchObject({ state: 'failed', failure: 'no-recipient' });
    await run();
    expect(smtp.received).toHaveLength(2);
    const [mail] = smtp.accepted;
    expect(mail?.mail.subject).toBe('Reminder 1 for N Ltd');
    expect(mail?.mail.html).toContain('please pay CNY 10.00');
    const { text: log } = await app.admin('GET', '/v1/events?after=0&limit=1000');
    expect(log).not.toContain('ada@');
    await smtp.stop();
  });

  it.each([
    ['an unknown field', { body: 'Pay {{amount}}' }, 'template-invalid', '/levels/0/body'],
    ['a header in the subject', { subject: 'Pay\r\nBcc: all@example.com' }, 'template-invalid', '/levels/0/subject'],
    ['a level that does not count from 1', { level: 2 }, 'dunning-policy-invalid', '/levels/0/level'],
    ['an email without a channel', { channel: 'email' }, 'validation-failed', '/levels/0/mailChannelId'],
    [
      'a channel that is not there',
      { channel: 'email', mailChannelId: '00000000-0000-4000-8000-000000000000' },
      'channel-unknown',
      '/levels/0/mailChannelId',
    ],
  ])('refuses a policy with %s by code and place', async (_name, more, code, pointer) => {
    const refused = await manager('POST', '/v1/dunning-policies', { name: 'Bad', levels: [level(1, 5, 0, more)] });
    expect(refused.status).toBe(422);
    expect(refused.json).toMatchObject({ code, errors: [expect.objectContaining({ pointer })] });
  });

  it('keeps no name and no reason in the log in clear', async () => {
    const { text: log } = await app.admin('GET', '/v1/events?after=0&limit=1000');
    expect(log).toContain('DunningLetterIssued');
    for (const secret of ['alert(1)', 'with our lawyers', 'wrong address']) expect(log).not.toContain(secret);
  });
});
