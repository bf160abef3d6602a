import { eventually, steppableClock } from '@app/testing';
import { type Caller, ok, startApp, type StartedApp } from './started-app.fixture';

jest.setTimeout(120_000);

interface Item {
  readonly debtorId: string;
  readonly score: string;
  readonly controllerId: string | null;
  readonly assignedBy: string | null;
  readonly parts: readonly {
    readonly part: string;
    readonly points: string;
    readonly positions: readonly number[];
    readonly opens: string | null;
  }[];
  readonly limitBand: string | null;
  readonly putOff: { readonly how: string; readonly until: string } | null;
  readonly backEarly: string | null;
}
interface Worklist {
  readonly position: number;
  readonly items: readonly Item[];
  readonly next: string | null;
}
interface Exposures {
  readonly knownAt: string;
  readonly items: readonly {
    readonly debtorId: string;
    readonly exposure: { readonly amount: string } | null;
    readonly band: string | null;
    readonly headroom: { readonly amount: string } | null;
    readonly missingRate: { readonly from: string; readonly to: string } | null;
    readonly unmeasured: string | null;
    readonly hold: { readonly reason: string | null; readonly since: string } | null;
  }[];
  readonly groups: readonly {
    readonly name: string;
    readonly band: string | null;
    readonly exposure: { readonly amount: string } | null;
  }[];
  readonly next: string | null;
}

const DEBTORS = 'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no,entity_id\n';

describe('the worklist and credit limits', () => {
  const clock = steppableClock(new Date('2026-03-01T08:00:00Z'));
  let app: StartedApp;
  let controller: Caller;
  let manager: Caller;

  beforeAll(async () => {
    app = await startApp({ clock });
    controller = await app.principal('Controller', ['controller']);
    manager = await app.principal('Manager', ['manager']);
    await ok(app.admin('PUT', '/v1/tenant', { presentationCurrency: 'CNY' }));
    const debtors = [
      'A,Alpha,big,false,CN,30,1000.00,CNY,2026-01-01',
      'B,Beta,small,false,CN,30,1000.00,CNY,2026-01-01',
      'C,Gamma,small,false,CN,30,,,2026-01-01',
      'U,Dollar,small,false,US,30,1000.00,CNY,2026-01-01',
    ];
    await app.importCsv(app.admin, 'debtors', `${DEBTORS}${debtors.join('\n')}\n`);
    const receivables = [
      'A1,A,trade,CNY,800.00,2026-01-01,,2026-01-15,A1,main',
      'B1,B,trade,CNY,500.00,2026-01-01,,2026-02-20,B1,main',
      'B2,B,trade,CNY,299.99,2026-01-01,,2026-06-30,B2,subsidiary',
      'C1,C,trade,CNY,100.00,2026-01-01,,2026-02-25,C1,main',
      'U1,U,trade,USD,10.00,2026-01-01,,2026-06-30,U1,main',
    ];
    await app.importCsv(app.admin, 'receivables', `${RECEIVABLES}${receivables.join('\n')}\n`);
  });
  afterAll(() => app.stop());

  const exposures = (query = '') => ok<Exposures>(controller('GET', `/v1/credit-exposures${query}`));
  const exposureOf = async (debtorId: string, query = '') => (await exposures(query)).items.find((item) => item.debtorId === debtorId);
  const list = (query = '') => ok<Worklist>(controller('GET', `/v1/worklist${query}`));
  const ids = async (query = '') => (await list(query)).items.map(({ debtorId }) => debtorId);

  it('measures exposure across entities in the currency of the limit, a cent below a band below it', async () => {
    expect(await exposureOf('A')).toMatchObject({ exposure: { amount: '800.00' }, band: '80', headroom: { amount: '200.00' } });
    expect(await exposureOf('B')).toMatchObject({ exposure: { amount: '799.99' }, band: 'below-80' });
    expect(await exposureOf('C')).toMatchObject({ exposure: null, unmeasured: 'no-limit' });
    expect((await exposures('?band=80,90,100')).items.map(({ debtorId }) => debtorId)).toEqual(['A']);
  });

  it('names a rate that is missing and hides nobody else’s figures, and translates once there is one', async () => {
    expect(await exposureOf('U')).toMatchObject({ exposure: null, unmeasured: 'fx-rate-missing', missingRate: { from: 'USD', to: 'CNY' } });
    await app.importCsv(app.admin, 'fx-rates', 'base,quote,rate,effective_on\nUSD,CNY,90.0,2026-01-01\n');
    expect(await exposureOf('U')).toMatchObject({ exposure: { amount: '900.00' }, band: '90' });
  });

  it('reads a limit of an old date, and what was known then', async () => {
    const before = await exposures();
    await ok(
      manager('POST', '/v1/debtors/A/amendments', { effectiveOn: '2026-03-01', creditLimit: { amount: '800.00', currency: 'CNY' } }),
    );
    expect(await exposureOf('A')).toMatchObject({ band: '100', headroom: { amount: '0.00' } });
    expect(await exposureOf('A', '?asOf=2026-02-28')).toMatchObject({ band: '80' });
    expect(await exposureOf('A', `?knownAt=${encodeURIComponent(before.knownAt)}`)).toMatchObject({ band: '80' });
  });

  it('adds a group up under a limit of its own, from the day it is stated', async () => {
    const group = { name: 'Greek', members: ['A', 'B'], limit: { amount: '1600.00', currency: 'CNY' }, effectiveOn: '2026-02-01' };
    const { id } = await ok<{ id: string }>(manager('POST', '/v1/debtor-groups', group));
    expect((await exposures()).groups).toMatchObject([{ name: 'Greek', band: '90', exposure: { amount: '1599.99' } }]);
    expect((await exposures('?asOf=2026-01-31')).groups).toEqual([]);
    await ok(manager('PUT', `/v1/debtor-groups/${id}`, { ...group, members: ['A'], effectiveOn: '2026-03-01' }));
    expect((await exposures()).groups).toMatchObject([{ band: 'below-80', exposure: { amount: '800.00' } }]);
    expect((await exposures('?asOf=2026-02-28')).groups[0]?.exposure?.amount).toBe('1599.99');
    const refused = await manager('POST', '/v1/debtor-groups', { ...group, members: ['A', 'nobody'] });
    expect([refused.status, refused.json]).toEqual([
      422,
      expect.objectContaining({ code: 'debtor-unknown', errors: [expect.objectContaining({ pointer: '/members/1' })] }),
    ]);
  });

  it('pages without shifting, whatever arrives in between', async () => {
    const first = await exposures('?limit=2');
    expect(first.items.map(({ debtorId }) => debtorId)).toEqual(['A', 'B']);
    await app.importCsv(app.admin, 'debtors', `${DEBTORS}BB,Late,small,false,CN,30,,,2026-01-01\n`);
    const second = await exposures(`?limit=2&cursor=${first.next ?? ''}`);
    expect(second.items.map(({ debtorId }) => debtorId)).toEqual(['C', 'U']);
    expect(second.next).toBeNull();
  });

  it('places a hold once and releases it, with its reason sealed in the log', async () => {
    await ok(controller('POST', '/v1/debtors/A/credit-hold', { reason: 'Mr Smith asked for it' }));
    expect((await exposureOf('A'))?.hold).toMatchObject({ reason: 'Mr Smith asked for it', since: '2026-03-01' });
    const twice = await controller('POST', '/v1/debtors/A/credit-hold', { reason: 'again' });
    expect([twice.status, twice.json]).toEqual([409, expect.objectContaining({ code: 'credit-hold-placed-already' })]);
    await ok(controller('POST', '/v1/debtors/A/credit-hold/release', { reason: 'paid' }));
    expect((await exposureOf('A'))?.hold).toBeNull();
    const none = await controller('POST', '/v1/debtors/A/credit-hold/release', { reason: 'paid' });
    expect(none.json).toMatchObject({ code: 'credit-hold-not-found' });
    const ahead = await controller('POST', '/v1/debtors/A/credit-hold', { reason: 'later', on: '2026-12-31' });
    expect(ahead.json).toMatchObject({ code: 'date-in-future', errors: [expect.objectContaining({ pointer: '/on' })] });
    expect((await app.admin('GET', '/v1/events?after=0&limit=1000')).text).not.toContain('Smith');
  });

  it('ranks the overdue by a score whose parts add up and open to what they are made of', async () => {
    const { items } = await list();
    expect(items.map(({ debtorId }) => debtorId)).toEqual(['A', 'B', 'C']);
    for (const { score, parts } of items) {
      const sum = parts.reduce((total, { points }) => total + Math.round(Number(points) * 10), 0);
      expect(sum).toBe(Math.round(Number(score) * 10));
      for (const { positions, opens } of parts) expect(positions.length > 0 || opens !== null).toBe(true);
    }
    const opens = items[0]?.parts.find(({ part }) => part === 'overdue-amount')?.opens ?? '';
    const opened = await ok<{ items: { id: string }[] }>(controller('GET', opens));
    expect(opened.items.map(({ id }) => id)).toEqual(['A1']);
  });

  it('brings a contact that is due up the list, and opens it to the call', async () => {
    await ok(controller('POST', '/v1/debtors/C/activities', { type: 'call', on: '2026-03-01', nextContactOn: '2026-03-02' }));
    clock.addDays(1);
    const item = (await list()).items.find(({ debtorId }) => debtorId === 'C');
    const [position] = item?.parts.find(({ part }) => part === 'next-contact')?.positions ?? [];
    const { text } = await app.admin('GET', `/v1/events?after=${String((position ?? 0) - 1)}&limit=1`);
    expect(text).toContain('ActivityRecorded');
  });

  it('gives debtors to controllers by rule or by name', async () => {
    const { id } = await ok<{ id: string }>(app.admin('POST', '/v1/principals', { name: 'Chaser', roles: ['controller'] }));
    const { id: other } = await ok<{ id: string }>(app.admin('POST', '/v1/principals', { name: 'Other', roles: ['controller'] }));
    await ok(
      manager('PUT', '/v1/worklist-policy', {
        assignments: [{ segments: ['small'], controllerId: id }],
        segmentPoints: [{ segment: 'small', points: 2 }],
      }),
    );
    expect((await ids(`?controller=${id}`)).sort()).toEqual(['B', 'C']);
    expect(await ids('?controller=nobody')).toEqual(['A']);
    await ok(controller('POST', '/v1/worklist/B/assign', { controllerId: other }));
    expect(await ids(`?controller=${other}`)).toEqual(['B']);
    await ok(controller('POST', '/v1/worklist/B/assign', { controllerId: null }));
    expect((await ids(`?controller=${id}`)).sort()).toEqual(['B', 'C']);
    const refused = await controller('POST', '/v1/worklist/B/assign', { controllerId: '00000000-0000-4000-8000-000000000009' });
    expect([refused.status, refused.json]).toEqual([422, expect.objectContaining({ code: 'controller-unknown' })]);
  });

  it('puts a debtor off until its day, and brings it back by itself', async () => {
    await ok(controller('POST', '/v1/worklist/B/snooze', { until: '2026-03-05' }));
    expect(await ids()).not.toContain('B');
    expect((await list('?putOff=true')).items.find(({ debtorId }) => debtorId === 'B')?.putOff).toMatchObject({
      how: 'snoozed',
      until: '2026-03-05',
    });
    clock.goTo('2026-03-05');
    expect(await ids()).toContain('B');
    const past = await controller('POST', '/v1/worklist/B/snooze', { until: '2026-03-05' });
    expect([past.status, past.json]).toEqual([422, expect.objectContaining({ code: 'snooze-in-the-past' })]);
  });

  it('brings a debtor back early when it has become worse, and says how', async () => {
    await ok(controller('POST', '/v1/worklist/C/snooze', { until: '2026-05-01' }));
    expect(await ids()).not.toContain('C');
    await app.importCsv(app.admin, 'receivables', `${RECEIVABLES}C2,C,trade,CNY,11.00,2026-01-01,,2026-03-01,C2,main\n`);
    expect((await list()).items.find(({ debtorId }) => debtorId === 'C')).toMatchObject({ backEarly: 'overdue-grew', putOff: null });
  });

  it('brings a debtor back when its promise breaks, with the broken promise in its score', async () => {
    const promise = { amount: { amount: '500.00', currency: 'CNY' }, dueOn: '2026-03-08', madeOn: '2026-03-05' };
    await ok(controller('POST', '/v1/debtors/B/promises', promise));
    await ok(controller('POST', '/v1/worklist/B/done', { outcome: 'promised', until: '2026-04-30' }));
    expect(await ids()).not.toContain('B');
    clock.goTo('2026-03-20');
    await eventually(async () => (await ids()).includes('B'), 20_000, 'the broken promise');
    const item = (await list()).items.find(({ debtorId }) => debtorId === 'B');
    expect(item?.backEarly).toBe('promise-broken');
    expect(item?.parts.find(({ part }) => part === 'broken-promises')).toMatchObject({ points: '5.0', positions: [expect.any(Number)] });
  });

  it('shows the list of an old day as it was known then', async () => {
    const then = await list('?asOf=2026-03-01');
    expect(then.items.map(({ debtorId }) => debtorId)).toContain('B');
    expect(then.items.every(({ backEarly }) => backEarly === null)).toBe(true);
  });
});
