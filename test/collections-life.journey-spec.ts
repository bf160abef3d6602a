import { addDays, localDate } from '@app/credit-domain';
import { eventually, startFakeSmtp, steppableClock, type FakeSmtp } from '@app/testing';
import { rebuildEveryTenant } from '../apps/cli/src/rebuild.command';
import {
  dunningFaults,
  isDue,
  LEVELS,
  outstanding,
  promiseFaults,
  randomOf,
  type Cash,
  type LifeItem,
  type ToldLetter,
  type ToldPromise,
} from './random-life';
import { type Caller, finished, ok, startApp, type StartedApp } from './started-app.fixture';

jest.setTimeout(180_000);

const SEED = Number(process.env['ARREARS_LIFE_SEED'] ?? 20_260_301);
const STEPS = Number(process.env['ARREARS_LIFE_STEPS'] ?? 22);
const START = '2026-03-01';
const DEBTORS = ['P', 'Q', 'R', 'S'] as const;
const ITEMS_EACH = 4;
const cny = (amount: number) => ({ amount: amount.toFixed(2), currency: 'CNY' });
const level = ({ level: number, daysPastDue, waitDays }: (typeof LEVELS)[number], more: object) => ({
  ...{ level: number, daysPastDue, waitDays, subject: 'Reminder {{level}}', body: 'Please pay {{currency}} {{total}}.', ...more },
});

interface Pause {
  readonly id: string;
  readonly cause: string;
  readonly receivableIds: readonly string[] | null;
}
interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}
interface Fact {
  readonly position: number;
  readonly effectiveOn: string;
  readonly type: string;
}

describe('random lives of debtors, against what the test remembers of them', () => {
  const random = randomOf(SEED);
  const clock = steppableClock(new Date(`${START}T08:00:00Z`));
  const items: LifeItem[] = [];
  const cash: Cash[] = [];
  const open = new Map<
    string,
    { readonly type: 'promise' | 'dispute' | 'plan'; readonly debtorId: string; readonly itemIds: string[] | null }
  >();
  const everBroken = new Set<string>();
  const planned = new Set<string>();
  const earlier: { readonly path: string; readonly answer: string }[] = [];
  let app: StartedApp;
  let smtp: FakeSmtp;
  let controller: Caller;
  const told = { letters: 0, refused: 0, judged: 0 };

  beforeAll(async () => {
    app = await startApp({ clock });
    smtp = await startFakeSmtp();
    controller = await app.principal('Controller', ['controller']);
    const manager = await app.principal('Manager', ['manager']);
    const channel = { type: 'email', to: ['team@example.com'], smtp: { host: smtp.host, port: smtp.port } };
    const { id: mailChannelId } = await ok<{ id: string }>(app.admin('POST', '/v1/channels', channel));
    const policies = [
      { name: 'By email', appliesTo: { segments: ['mail'] }, levels: LEVELS.map((one) => level(one, { channel: 'email', mailChannelId })) },
      { name: 'On paper', levels: LEVELS.map((one) => level(one, { channel: 'letter' })) },
    ];
    for (const policy of policies) await ok(manager('POST', '/v1/dunning-policies', policy));
    const debtors = DEBTORS.map((id) => `${id},${id} Ltd,${id === 'Q' ? 'mail' : 'S'},false,CN,30,5000.00,CNY,2026-01-01\n`).join('');
    await app.importCsv(
      app.admin,
      'debtors',
      `debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\n${debtors}`,
    );
    await ok(controller('POST', '/v1/debtors/Q/contacts', { name: 'Ada', email: 'ada@q.example' }));
    for (const debtorId of DEBTORS) {
      for (let n = 1; n <= ITEMS_EACH; n += 1) {
        const dueOn = addDays(localDate('2026-02-10'), random(35));
        items.push({ id: `${debtorId}${String(n)}`, debtorId, amount: 100 * (1 + random(9)), dueOn });
      }
    }
    const rows = items.map(
      ({ id, debtorId, amount, dueOn }) => `${id},${debtorId},trade,CNY,${String(amount)}.00,2026-01-05,,${dueOn},${id}\n`,
    );
    await app.importCsv(
      app.admin,
      'receivables',
      `receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n${rows.join('')}`,
    );
  });
  afterAll(async () => {
    await smtp.stop();
    await app.stop();
  });

  const today = () => clock.today();
  const get = async <Body>(path: string): Promise<Body> => ok<Body>(controller('GET', path));
  const all = async <Item>(first: string): Promise<readonly Item[]> => {
    const [plain = ''] = first.split('?');
    const found: Item[] = [];
    for (let path: string | null = first; path !== null;) {
      const page: Page<Item> = await get<Page<Item>>(path);
      found.push(...page.items);
      path = page.next === null ? null : `${plain}?limit=${/limit=(\d+)/.exec(first)?.[1] ?? ''}&cursor=${page.next}`;
    }
    return found;
  };
  const letters = (): Promise<readonly ToldLetter[]> => all<ToldLetter>('/v1/dunning-letters?limit=100');
  const promises = async (debtorId: string): Promise<readonly ToldPromise[]> =>
    (await get<Page<ToldPromise>>(`/v1/debtors/${debtorId}/promises?limit=100`)).items;
  const pausesOf = async (debtorId: string) => (await get<{ pauses: readonly Pause[] }>(`/v1/debtors/${debtorId}/chasing`)).pauses;
  const owed = (item: LifeItem) => outstanding(item, cash);
  const cashOf = (debtorId: string) => cash.filter(({ itemId }) => items.some((item) => item.id === itemId && item.debtorId === debtorId));
  const pick = <Item>(list: readonly Item[]): Item | undefined => list[random(Math.max(list.length, 1))];
  const owing = (debtorId: string) => items.filter((item) => item.debtorId === debtorId && owed(item) > 0);

  /** Nothing is on its way any more: the run of the day is made, the promises are judged, the emails are out. */
  const atRest = async (): Promise<void> => {
    await eventually(
      async () =>
        (await get<Page<{ asOf: string; status: string }>>('/v1/dunning-runs?limit=50')).items.some(
          (run) => run.asOf === today() && run.status === 'completed',
        ),
      20_000,
      `the run of ${today()}`,
    );
    let faults: string[] = [];
    const judged = async () => {
      faults = [];
      for (const debtorId of DEBTORS)
        faults.push(...promiseFaults(await promises(debtorId), cashOf(debtorId), today(), planned.has(debtorId)));
      return faults.length === 0;
    };
    await eventually(judged, 10_000, 'every promise judged by its cash').catch((error: unknown) => {
      throw new Error(`on ${today()}: ${faults.join('; ')}`, { cause: error });
    });
    await eventually(
      async () => (await letters()).every(({ debtorId, state }) => debtorId !== 'Q' || !['issued', 'sending'].includes(state)),
      15_000,
      'the emails',
    );
  };

  const moveMoney = async (): Promise<void> => {
    const rows: Cash[] = [];
    const note = (one: Omit<Cash, 'id'>) => {
      const row = { ...one, id: `M${String(cash.length)}` };
      rows.push(row);
      cash.push(row);
    };
    for (const debtorId of DEBTORS) {
      const oldest = [...owing(debtorId)].sort((a, b) => (a.dueOn < b.dueOn ? -1 : 1))[0];
      if (oldest === undefined) continue;
      const dice = random(12);
      const isLate = dice === 2 && cash.every(({ itemId, reverses }) => itemId !== oldest.id || reverses === null);
      if (dice === 0) note({ itemId: oldest.id, on: today(), amount: owed(oldest), reverses: null });
      else if (dice === 1) note({ itemId: oldest.id, on: today(), amount: Math.ceil(owed(oldest) / 3), reverses: null });
      else if (isLate)
        note({ itemId: oldest.id, on: addDays(localDate(today()), -1 - random(4)), amount: Math.ceil(owed(oldest) / 2), reverses: null });
    }
    // The latest payment of an item bounces: a bank takes back what it has just given.
    const bounced = pick(cash.filter(({ reverses }) => reverses === null));
    if (bounced !== undefined && random(5) === 0) {
      const reversed = new Set(cash.map(({ reverses }) => reverses));
      const latest = cash
        .filter(({ itemId, reverses, id }) => itemId === bounced.itemId && reverses === null && !reversed.has(id))
        .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0))
        .at(-1);
      if (latest !== undefined && !rows.includes(latest))
        note({ itemId: latest.itemId, on: today(), amount: latest.amount, reverses: latest.id });
    }
    const csv = rows.map(
      ({ id, itemId, on, amount, reverses }) =>
        `${id},${itemId},${reverses === null ? 'payment' : 'payment_reversal'},${String(amount)}.00,${on},bank\n`,
    );
    if (csv.length > 0)
      await app.importCsv(app.admin, 'movements', `movement_id,receivable_id,type,amount,effective_on,reference\n${csv.join('')}`);
  };

  /** What is agreed or contested is taken or refused; what is taken is remembered. */
  const agree = async (): Promise<void> => {
    const debtorId = pick(DEBTORS) ?? 'P';
    const own = owing(debtorId);
    const item = pick(own);
    const dueOn = addDays(localDate(today()), random(6));
    const make = async (type: 'promise' | 'dispute' | 'plan', path: string, body: object, itemIds: string[] | null): Promise<void> => {
      const { status, json } = await controller('POST', `/v1/debtors/${debtorId}/${path}`, body);
      if (status >= 300) {
        told.refused += 1;
        return;
      }
      open.set((json as { id: string }).id, { type, debtorId, itemIds });
      if (type === 'plan') planned.add(debtorId);
    };
    const dice = random(8);
    const mine = [...open].filter(([, one]) => one.debtorId === debtorId);
    const chosen = pick(mine);
    if (dice <= 1 && item) await make('promise', 'promises', { amount: cny(owed(item)), dueOn, receivableIds: [item.id] }, [item.id]);
    else if (dice === 2 && item) await make('promise', 'promises', { amount: cny(Math.ceil(owed(item) / 2)), dueOn }, null);
    else if (dice === 3 && item) await make('dispute', 'disputes', { receivableId: item.id, reason: 'quality' }, [item.id]);
    else if (dice === 4 && item && debtorId === 'S') {
      const instalments = [{ dueOn: addDays(localDate(today()), 3 + random(9)), amount: cny(owed(item)) }];
      await make('plan', 'payment-plans', { receivableIds: [item.id], instalments, reason: 'short of cash' }, [item.id]);
    } else if (chosen !== undefined) {
      const [id, { type }] = chosen;
      const [path, body] =
        type === 'dispute'
          ? [`/v1/disputes/${id}/resolve`, { resolution: 'rejected' }]
          : type === 'plan'
            ? [`/v1/payment-plans/${id}/cancel`, {}]
            : random(2) === 0
              ? [`/v1/promises/${id}/withdraw`, {}]
              : [`/v1/promises/${id}/move`, { dueOn, reason: 'asked for it' }];
      const { status } = await controller('POST', path, body);
      if (status < 300 && !path.endsWith('move')) open.delete(id);
    }
  };

  /** What holds an item back, as remembered: a promise or plan no longer does once it is judged. */
  const heldBack = async (): Promise<(item: LifeItem) => boolean> => {
    const states = new Map<string, string>();
    for (const debtorId of DEBTORS) for (const { id, state } of await promises(debtorId)) states.set(id, state);
    for (const { id, state } of (await get<Page<{ id: string; state: string }>>('/v1/debtors/S/payment-plans')).items)
      states.set(id, state);
    const isOn = (id: string, type: string) => type === 'dispute' || ['open', 'running'].includes(states.get(id) ?? '');
    const holding = [...open].filter(([id, { type }]) => isOn(id, type)).map(([, one]) => one);
    return (item) => holding.some(({ debtorId, itemIds }) => debtorId === item.debtorId && (itemIds?.includes(item.id) ?? true));
  };

  const dun = async (): Promise<void> => {
    const before = await letters();
    const isHeld = await heldBack();
    const { id } = await ok<{ id: string }>(controller('POST', '/v1/dunning-runs', {}));
    expect((await finished<{ status: string }>(controller, `/v1/dunning-runs/${id}`)).status).toBe('completed');
    const after = await letters();
    expect(dunningFaults(after)).toEqual([]);
    const known = new Set(before.map((letter) => letter.id));
    const issued = after.filter((letter) => !known.has(letter.id));
    told.letters += issued.length;
    for (const { receivableIds } of issued) {
      for (const item of items.filter((one) => receivableIds.includes(one.id))) {
        expect([item.id, owed(item) > 0, isHeld(item), isDue(item, before, today())]).toEqual([item.id, true, false, true]);
      }
    }
    // Whoever may be written to is: one letter at least for each debtor with anything due and nothing in its way.
    const unsent = new Set(before.filter(({ state }) => ['issued', 'sending', 'failed'].includes(state)).map(({ debtorId }) => debtorId));
    const expected = DEBTORS.filter(
      (debtorId) => !unsent.has(debtorId) && owing(debtorId).some((item) => !isHeld(item) && isDue(item, before, today())),
    );
    expect([...new Set(issued.map(({ debtorId }) => debtorId))].sort()).toEqual(expected);
  };

  const post = async (): Promise<void> => {
    for (const { id, state, debtorId } of await letters()) {
      if (state !== 'issued' || debtorId === 'Q') continue;
      const dice = random(4);
      if (dice <= 1) await ok(controller('POST', `/v1/dunning-letters/${id}/sent`, {}));
      if (dice === 2) await ok(controller('POST', `/v1/dunning-letters/${id}/withdraw`, { reason: 'not yet' }));
    }
  };

  const ageing = async () => (await get<{ groups: unknown }>(`/v1/ageing?asOf=${today()}&scheme=days-past-due-30-60-90`)).groups;

  const reads = (): string[] =>
    [
      ...DEBTORS.flatMap((id) =>
        ['chasing', 'promises', 'disputes', 'payment-plans', 'timeline'].map(
          (what) => `/v1/debtors/${id}/${what}?asOf=${today()}&limit=100`,
        ),
      ),
      `/v1/worklist?asOf=${today()}`,
      `/v1/credit-exposures?asOf=${today()}`,
    ].map((path) => (path.includes('/chasing') ? path.replace('&limit=100', '') : path));

  it(`holds over ${String(STEPS)} steps of days (seed ${String(SEED)})`, async () => {
    for (let step = 0; step < STEPS; step += 1) {
      clock.goTo(addDays(localDate(today()), 1 + random(4)));
      await atRest();
      await moveMoney();
      const aged = await ageing();
      for (let n = random(4); n > 0; n -= 1) await agree();
      expect(await ageing()).toEqual(aged);
      await atRest();
      await dun();
      await post();
      for (const debtorId of DEBTORS) {
        for (const { id, judgements } of await promises(debtorId)) {
          told.judged += judgements.length;
          if (judgements.some(({ outcome }) => outcome === 'broken')) everBroken.add(id);
          else expect(everBroken.has(id)).toBe(false);
        }
        const ids = (await pausesOf(debtorId)).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }
      if (step % 7 !== 3) continue;
      await atRest();
      const { knownAt } = await get<{ knownAt: string }>('/v1/worklist');
      for (const read of reads()) {
        const path = `${read}&knownAt=${encodeURIComponent(knownAt)}`;
        earlier.push({ path, answer: (await controller('GET', path)).text });
      }
    }
    process.stdout.write(
      `random lives: seed ${String(SEED)}, ${String(STEPS)} steps, ${String(cash.length)} movements, ${String((await letters()).length)} letters ` +
        `(${String(told.letters)} by runs asked for), ${String(everBroken.size)} promises broken, ${String(told.refused)} refused, ${String(smtp.accepted.length)} emails\n`,
    );
    expect(told.letters).toBeGreaterThan(0);
    expect(everBroken.size).toBeGreaterThan(0);
  });

  it('tells each earlier picture again, as it was known then', async () => {
    expect(earlier.length).toBeGreaterThan(0);
    for (const { path, answer } of earlier) expect(JSON.parse((await controller('GET', path)).text)).toEqual(JSON.parse(answer));
  });

  it('tells every fact of a debtor once, in order, and in pages what it tells at once', async () => {
    const feed: { position: number; data: Record<string, unknown> }[] = [];
    for (let after = 0; ;) {
      const { events } = await ok<{ events: typeof feed }>(app.admin('GET', `/v1/events?after=${String(after)}&limit=1000`));
      feed.push(...events);
      after = events.at(-1)?.position ?? after;
      if (events.length === 0) break;
    }
    for (const debtorId of DEBTORS) {
      const whole = await all<Fact>(`/v1/debtors/${debtorId}/timeline?limit=100&asOf=2027-01-01`);
      const paged = await all<Fact>(`/v1/debtors/${debtorId}/timeline?limit=7&asOf=2027-01-01`);
      expect(paged).toEqual(whole);
      const told = whole.map(({ position }) => position);
      expect(new Set(told).size).toBe(told.length);
      const order = whole.map(({ effectiveOn, position }) => `${effectiveOn} ${String(position).padStart(9, '0')}`);
      expect(order).toEqual([...order].sort());
      const facts = feed.filter(({ data }) => data['debtorId'] === debtorId).map(({ position }) => position);
      expect([...told].sort((a, b) => a - b)).toEqual(expect.arrayContaining(facts));
    }
  });

  it('answers the same after every table was made anew from the log, and writes to nobody by it', async () => {
    await atRest();
    const paths = [...reads(), '/v1/dunning-letters?limit=100', '/v1/dunning-runs?limit=50', '/v1/debtors/P', '/v1/debtors/S'];
    const answers = async () =>
      Object.fromEntries(await Promise.all(paths.map(async (path) => [path, figures((await controller('GET', path)).text)] as const)));
    const before = await answers();
    const mails = smtp.received.length;
    await app.restart((ownerUrl) => rebuildEveryTenant(ownerUrl));
    await atRest();
    expect(await answers()).toEqual(before);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await answers()).toEqual(before);
    expect(smtp.received.length).toBe(mails);
  });
});

/** An answer without the moment it was given at. */
function figures(text: string): unknown {
  return JSON.parse(text, (key: string, value: unknown) =>
    ['knownAt', 'position'].includes(key) && typeof value !== 'object' ? undefined : value,
  );
}
