import { eventually, steppableClock, type SteppableClock } from '@app/testing';
import { ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

jest.setTimeout(120_000);

const DEBTORS =
  'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\nD,Debtor Ltd,S,false,CN,30,,,2024-01-01\nE,Other Ltd,S,false,CN,30,,,2024-01-01\n';
const RECEIVABLES =
  'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n' +
  'A,D,trade,CNY,100.00,2026-01-05,,2026-02-05,A\nB,D,trade,CNY,200.00,2026-01-10,,2026-02-10,B\nC,D,trade,CNY,50.00,2026-01-10,,2026-02-10,C\n' +
  'X,E,trade,CNY,900.00,2026-01-05,,2026-02-05,X\n';
const MOVEMENTS = 'movement_id,receivable_id,type,amount,effective_on,reference\n';

interface Judged {
  readonly outcome: string;
  readonly on: string;
  readonly paid: { readonly amount: string };
}
interface ShownPromise {
  readonly id: string;
  readonly state: string;
  readonly dueOn: string;
  readonly judgements: readonly Judged[];
  readonly moves: readonly { readonly fromDueOn: string; readonly reason: { readonly text: string } }[];
}
interface Chasing {
  readonly paused: boolean;
  readonly pauses: readonly {
    readonly cause: string;
    readonly id: string;
    readonly receivableIds: string[] | null;
    readonly by: { event: string; position: number };
  }[];
  readonly resumed: readonly { readonly id: string; readonly ended: { readonly event: string; readonly reason: string } }[];
}

interface Entry {
  readonly position: number;
  readonly effectiveOn: string;
  readonly type: string;
  readonly summary: string;
  readonly note: object | null;
  readonly event: string;
}
interface Story {
  readonly knownAt: string;
  readonly items: readonly Entry[];
  readonly next: string | null;
}

describe('what a debtor promises and contests', () => {
  let clock: SteppableClock;
  let app: StartedApp;
  let controller: Caller;

  beforeAll(async () => {
    clock = steppableClock(new Date('2026-03-02T12:00:00Z'));
    app = await startApp({ clock });
    controller = await app.principal('Controller', ['controller', 'manager']);
    await app.importCsv(app.admin, 'debtors', DEBTORS);
    await app.importCsv(app.admin, 'receivables', RECEIVABLES);
  }, 180_000);
  afterAll(() => app.stop(), 60_000);

  const promise = (id: string): Promise<ShownPromise> => ok(controller('GET', `/v1/promises/${id}`));
  const chasing = (debtorId: string): Promise<Chasing> => ok(controller('GET', `/v1/debtors/${debtorId}/chasing`));
  const create = async (path: string, body: object): Promise<string> => (await ok<{ id: string }>(controller('POST', path, body))).id;
  const story = (path: string): Promise<Story> => ok(controller('GET', path));
  const cny = (amount: string) => ({ amount, currency: 'CNY' });
  const isOn = (id: string, state: string): Promise<void> =>
    eventually(async () => (await promise(id)).state === state, 15_000, `promise ${id} ${state}`);
  const pay = (id: string, receivableId: string, amount: string, on: string): Promise<void> =>
    app.importCsv(app.admin, 'movements', `${MOVEMENTS}${id},${receivableId},payment,${amount},${on},bank\n`);
  const refused = async (path: string, body: object): Promise<unknown> => {
    const { status, json } = await controller('POST', path, body);
    const { code, errors } = json as { code: string; errors?: { field?: string }[] };
    return [status, code, errors?.[0]?.field];
  };

  it('keeps a broken promise on record, resumes chasing by it, and turns it to kept when the cash turns out to have come in time', async () => {
    const id = await create('/v1/debtors/D/promises', {
      amount: cny('100.00'),
      dueOn: '2026-03-05',
      receivableIds: ['A'],
      note: 'Mr. Wu called',
    });
    expect((await chasing('D')).pauses).toMatchObject([{ cause: 'promise', id, receivableIds: ['A'], by: { event: 'PromiseMade' } }]);

    clock.goTo('2026-03-06');
    await isOn(id, 'broken');
    expect((await promise(id)).judgements).toMatchObject([{ outcome: 'broken', on: '2026-03-06', paid: { amount: '0.00' } }]);
    const resumed = await chasing('D');
    expect(resumed.pauses).toEqual([]);
    expect(resumed.resumed).toMatchObject([{ id, ended: { event: 'PromiseBroken', reason: 'broken' } }]);

    await pay('late-known', 'A', '100.00', '2026-03-04');
    await isOn(id, 'kept');
    const kept = await promise(id);
    expect(kept.judgements).toMatchObject([
      { outcome: 'broken', on: '2026-03-06' },
      { outcome: 'kept', on: '2026-03-04', paid: { amount: '100.00' } },
    ]);
    const { collections } = await ok<{ collections: { keepRate: object } }>(controller('GET', '/v1/debtors/D'));
    expect(collections.keepRate).toMatchObject({ kept: 1, broken: 0, rate: '1' });
  });

  it('judges a promise kept as soon as it is paid, and opens it again when the cheque bounces', async () => {
    const id = await create('/v1/debtors/D/promises', { amount: cny('50.00'), dueOn: '2026-03-20', receivableIds: ['C'] });
    await pay('cheque', 'C', '50.00', '2026-03-06');
    await isOn(id, 'kept');
    await app.importCsv(app.admin, 'movements', `${MOVEMENTS}bounced,C,payment_reversal,50.00,2026-03-06,bank\n`);
    await isOn(id, 'open');
    expect((await chasing('D')).pauses).toMatchObject([{ cause: 'promise', id }]);
    clock.goTo('2026-03-21');
    await isOn(id, 'broken');
    expect((await promise(id)).judgements.map(({ outcome }) => outcome)).toEqual(['kept', 'open', 'broken']);
  });

  it('shows where a promise was moved from, and judges it by where it was moved to', async () => {
    const id = await create('/v1/debtors/E/promises', { amount: cny('100.00'), dueOn: '2026-03-22' });
    await ok(controller('POST', `/v1/promises/${id}/move`, { dueOn: '2026-03-25', reason: 'Their bank was closed' }));
    clock.goTo('2026-03-24');
    await pay('part', 'X', '40.00', '2026-03-24');
    clock.goTo('2026-03-26');
    await isOn(id, 'part-kept');
    expect(await promise(id)).toMatchObject({
      dueOn: '2026-03-25',
      moves: [{ fromDueOn: '2026-03-22', reason: { text: 'Their bank was closed' } }],
    });
    expect(await refused(`/v1/promises/${id}/move`, { dueOn: '2026-04-01', reason: 'again' })).toEqual([
      409,
      'promise-not-open',
      undefined,
    ]);
  });

  it('holds back only what is disputed, and changes nothing of its age', async () => {
    const ageing = () =>
      ok<object>(controller('GET', '/v1/ageing?asOf=2026-03-26&scheme=days-past-due-30-60-90')).then(
        (read) => (read as { groups: object }).groups,
      );
    const before = await ageing();
    const id = await create('/v1/debtors/D/disputes', { receivableId: 'B', reason: 'quality', note: 'scratched' });
    expect(await ageing()).toEqual(before);
    const paused = await chasing('D');
    expect(paused.paused).toBe(false);
    expect(paused.pauses).toMatchObject([{ cause: 'dispute', id, receivableIds: ['B'] }]);

    expect(await refused(`/v1/disputes/${id}/resolve`, { resolution: 'accepted' })).toEqual([422, 'credit-note-missing', 'creditNoteIds']);
    await app.importCsv(app.admin, 'movements', `${MOVEMENTS}note,B,credit_note,20.00,2026-03-26,CN\n`);
    await ok(controller('POST', `/v1/disputes/${id}/resolve`, { resolution: 'accepted', creditNoteIds: ['note'] }));
    expect((await chasing('D')).pauses).toEqual([]);
    expect(await ok(controller('GET', `/v1/disputes/${id}`))).toMatchObject({ state: 'accepted', resolved: { creditNoteIds: ['note'] } });
  });

  it('breaks a plan by the instalment that was missed, and keeps the due dates of its items', async () => {
    const instalments = [
      { dueOn: '2026-03-31', amount: cny('100.00') },
      { dueOn: '2026-04-30', amount: cny('80.00') },
    ];
    const id = await create('/v1/debtors/D/payment-plans', { receivableIds: ['B'], instalments, reason: 'short of cash', approved: true });
    expect(await ok(controller('GET', `/v1/payment-plans/${id}`))).toMatchObject({
      state: 'running',
      items: [{ receivableId: 'B', dueOn: '2026-02-10', daysPastDue: 44, modifiedPastDue30: true, outstanding: { amount: '180.00' } }],
    });
    expect(await ok(controller('GET', '/v1/contract-modifications?from=2026-03-01&to=2026-03-31'))).toMatchObject({
      items: [{ planId: id, receivableId: 'B', outstanding: { amount: '180.00' }, daysPastDue: 44 }],
    });
    const again = { receivableIds: ['B'], instalments, reason: 'sent twice' };
    expect(await refused('/v1/debtors/D/payment-plans', again)).toEqual([409, 'plan-running-already', 'receivableIds']);
    await pay('first', 'B', '100.00', '2026-03-26');
    clock.goTo('2026-05-01');
    await eventually(
      async () => (await ok<{ state: string }>(controller('GET', `/v1/payment-plans/${id}`))).state === 'broken',
      15_000,
      'broken',
    );
    expect(await ok(controller('GET', `/v1/payment-plans/${id}`))).toMatchObject({ instalments: [{ state: 'kept' }, { state: 'broken' }] });
    expect((await chasing('D')).resumed[0]).toMatchObject({ id, ended: { event: 'PaymentPlanBroken' } });
  });

  it('refuses what nobody can promise or dispute, with the code and the field', async () => {
    expect(await refused('/v1/debtors/D/promises', { amount: cny('1.00'), dueOn: '2026-04-30' })).toEqual([
      422,
      'promise-in-the-past',
      'dueOn',
    ]);
    expect(await refused('/v1/debtors/D/promises', { amount: cny('100000.00'), dueOn: '2026-05-30' })).toEqual([
      422,
      'promise-above-balance',
      'amount',
    ]);
    expect(await refused('/v1/debtors/D/promises', { amount: cny('80.01'), dueOn: '2026-05-30', receivableIds: ['B'] })).toEqual([
      422,
      'promise-above-balance',
      'amount',
    ]);
    expect(await refused('/v1/debtors/D/promises', { amount: cny('0.00'), dueOn: '2026-05-30' })).toEqual([
      422,
      'amount-not-positive',
      'amount',
    ]);
    expect(await refused('/v1/debtors/D/promises', { amount: cny('1.00'), dueOn: '2026-05-30', receivableIds: ['X'] })).toEqual([
      422,
      'debtor-mismatch',
      'receivableIds[0]',
    ]);
    expect(await refused('/v1/debtors/D/disputes', { receivableId: 'A', reason: 'price' })).toEqual([
      422,
      'dispute-on-settled',
      'receivableIds',
    ]);
    expect(await refused('/v1/debtors/D/disputes', { receivableId: 'B', reason: 'price', amount: cny('80.01') })).toEqual([
      422,
      'dispute-above-balance',
      'amount',
    ]);
    expect(await refused('/v1/debtors/D/activities', { type: 'call', nextContactOn: '2026-04-01' })).toEqual([
      422,
      'next-contact-in-the-past',
      'nextContactOn',
    ]);
    expect(await refused('/v1/debtors/nobody/promises', { amount: cny('1.00'), dueOn: '2026-05-30' })).toEqual([
      404,
      'debtor-not-found',
      undefined,
    ]);
  });

  it('tells the whole story of a debtor in one order, page by page, on two dates, and says what was erased', async () => {
    const contactId = await create('/v1/debtors/D/contacts', { name: 'Wu Ling', email: 'wu@example.com', role: 'Payables' });
    await create('/v1/debtors/D/activities', { type: 'call', contactId, note: 'Ms. Wu is ill', nextContactOn: '2026-05-08' });
    const knownAt = (await story('/v1/debtors/D/timeline?limit=1')).knownAt;
    const whole = await story('/v1/debtors/D/timeline?limit=100');
    expect(whole.next).toBeNull();
    const types = whole.items.map(({ type }) => type);
    for (const type of [
      'DebtorRegistered',
      'ReceivableRecognised',
      'ReceivableMovementRecorded',
      'PromiseBroken',
      'PromiseKept',
      'DisputeResolved',
    ])
      expect(types).toContain(type);
    expect(types).toEqual(
      expect.arrayContaining(['PaymentPlanAgreed', 'PlanInstalmentJudged', 'PaymentPlanBroken', 'ContactAdded', 'ActivityRecorded']),
    );
    const keys = whole.items.map(({ effectiveOn, position }) => `${effectiveOn} ${String(position).padStart(9, '0')}`);
    expect(keys).toEqual([...keys].sort());
    expect(whole.items.find(({ type }) => type === 'ReceivableRecognised')?.summary).toBe('Receivable A of 100.00 CNY, due 2026-02-05');
    expect(whole.items.find(({ type }) => type === 'ActivityRecorded')?.note).toEqual({ text: 'Ms. Wu is ill', erased: false });

    const paged: Entry[] = [];
    for (let path: string | null = '/v1/debtors/D/timeline?limit=5'; path !== null;) {
      const read: Story = await story(path);
      paged.push(...read.items);
      if (paged.length === 5) await create('/v1/debtors/D/activities', { type: 'note', note: 'in the middle of reading' });
      path = read.next === null ? null : `/v1/debtors/D/timeline?limit=5&cursor=${read.next}`;
    }
    expect(paged).toEqual(whole.items);
    const earlier = await story('/v1/debtors/D/timeline?limit=100&asOf=2026-03-01');
    expect(earlier.items).toEqual(whole.items.filter(({ effectiveOn }) => effectiveOn <= '2026-03-01'));
    const onlyBroken = await story('/v1/debtors/D/timeline?types=PromiseBroken&order=desc');
    expect(onlyBroken.items.map(({ effectiveOn }) => effectiveOn)).toEqual(['2026-03-21', '2026-03-06']);
    const event = await ok<{ events: { type: string }[] }>(app.admin('GET', onlyBroken.items[0]?.event ?? ''));
    expect(event.events).toMatchObject([{ type: 'PromiseBroken' }]);
    expect(await story(`/v1/debtors/D/timeline?limit=100&knownAt=${knownAt}`)).toMatchObject({ items: whole.items });

    const { status } = await controller('DELETE', `/v1/debtors/D/contacts/${contactId}?erase=true`);
    expect(status).toBe(204);
    const after = await story('/v1/debtors/D/timeline?limit=100');
    expect(after.items.find(({ type }) => type === 'ActivityRecorded')?.note).toEqual({ text: null, erased: true });
    expect(await ok(controller('GET', '/v1/debtors/D'))).toMatchObject({ collections: { nextContactOn: '2026-05-08' } });
    const unknown = await controller('GET', '/v1/debtors/D/timeline?types=Nothing');
    expect([unknown.status, unknown.json]).toMatchObject([422, { code: 'event-type-unknown', errors: [{ field: 'types' }] }]);
  });
});
