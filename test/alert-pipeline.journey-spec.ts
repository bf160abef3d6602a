import { eventually, startFakeSlack, steppableClock, type FakeSlack, type SteppableClock } from '@app/testing';
import { ok, startApp, finished, type StartedApp } from './started-app.fixture';

jest.setTimeout(240_000);

const SCHEME = 'months-6-12-24-36-48';
const RATES: readonly (readonly [bucket: string, rate: string])[] = [
  ['Up to 6 months', '0.05'],
  ['6 months to 1 year', '0.15'],
  ['1 to 2 years', '0.3'],
  ['2 to 3 years', '0.5'],
  ['3 to 4 years', '0.8'],
  ['Over 4 years', '1'],
];
const DEBTORS =
  'debtor_id,name,segment,related_party,country,terms_days,credit_limit,credit_limit_currency,effective_on\nD,Debtor,S,false,CN,90,,,2019-01-01\n';
const RECEIVABLES = 'receivable_id,debtor_id,kind,currency,amount,recognised_on,invoiced_on,due_on,document_no\n';
const BOOK = `${RECEIVABLES}A,D,trade,CNY,600.00,2023-10-01,,,A\nB,D,trade,CNY,300.00,2021-06-01,,,B\nC,D,trade,CNY,100.00,2020-01-10,,,C\n`;
const PAYMENT = 'movement_id,receivable_id,type,amount,effective_on,reference\nP,A,payment,500.00,2024-03-01,bank\n';
const HOUR_MS = 3_600_000;

interface ShownAlert {
  readonly id: string;
  readonly ruleName: string;
  readonly state: string;
  readonly groupId: string;
  readonly acknowledged: { readonly owner: string; readonly expiresAt: string } | null;
  readonly decisions: readonly { readonly decision: string; readonly reason: string }[];
}

describe('an alert nobody looks at, over HTTP', () => {
  let app: StartedApp;
  let clock: SteppableClock;
  let desk: FakeSlack;
  let head: FakeSlack;

  beforeAll(async () => {
    clock = steppableClock(new Date('2025-01-06T09:00:00Z'));
    [desk, head] = await Promise.all([startFakeSlack(), startFakeSlack()]);
    app = await startApp({ clock });
  }, 180_000);
  afterAll(async () => {
    await app.stop();
    await Promise.all([desk.stop(), head.stop()]);
  }, 60_000);

  const create = async (path: string, body: object): Promise<string> => (await ok<{ id: string }>(app.admin('POST', path, body))).id;
  const close = async (asOf: string): Promise<void> => {
    const id = await create('/v1/closes', { asOf });
    expect((await finished<{ status: string }>(app.admin, `/v1/closes/${id}`)).status).toBe('completed');
  };
  const alert = (id: string): Promise<ShownAlert> => ok<ShownAlert>(app.admin('GET', `/v1/alerts/${id}`));
  const reasonsOf = async (id: string): Promise<string[]> =>
    (await alert(id)).decisions.map(({ decision, reason }) => `${decision} ${reason}`);

  async function openBook(): Promise<void> {
    await app.importCsv(app.admin, 'debtors', DEBTORS);
    await app.importCsv(app.admin, 'receivables', BOOK);
    const approver = await app.principal('Approver', ['approver']);
    const rates = RATES.map(([bucket, rate]) => ({ segment: '*', bucket, rate }));
    const setId = await create('/v1/loss-rate-sets', { kind: 'trade', scheme: SCHEME, effectiveOn: '2023-01-01', rates });
    await ok(approver('POST', `/v1/loss-rate-sets/${setId}/approve`));
  }

  it('is told once with what follows from it, escalated, taken on, told again when that lapses, and says why at every step', async () => {
    await openBook();
    const first = await create('/v1/channels', { type: 'slack', name: 'desk', webhookUrl: desk.url });
    const second = await create('/v1/channels', { type: 'slack', name: 'head', webhookUrl: head.url });
    await ok(app.admin('PUT', '/v1/notification-policy', { escalation: { channels: [second], afterMinutes: 60 }, repeatHours: 72 }));
    expect(await ok(app.admin('GET', '/v1/notification-policy'))).toEqual({
      timeZone: null,
      hours: null,
      digestAt: null,
      repeatHours: 72,
      escalation: { channels: [second], afterMinutes: 60 },
    });
    const shift = { base: 'same-date-last-year', kinds: ['trade'], enter: '0.10' };
    const share = { type: 'ageing-share-shift', scheme: SCHEME, olderThan: { months: 36 }, ...shift };
    await create('/v1/alert-rules', { name: 'Over three years', channels: [first], definition: share });
    await create('/v1/alert-rules', { name: 'Coverage', channels: [first], definition: { type: 'coverage-shift', ...shift } });
    await close('2023-12-31');
    await app.importCsv(app.admin, 'movements', PAYMENT);
    await close('2024-12-31');
    await eventually(() => desk.accepted.length === 1, 30_000, 'one message at the desk');

    const { items } = await ok<{ items: ShownAlert[] }>(app.admin('GET', '/v1/alerts?state=firing'));
    expect(items.map(({ ruleName }) => ruleName).sort()).toEqual(['Coverage', 'Over three years']);
    expect(new Set(items.map(({ groupId }) => groupId)).size).toBe(1);
    const id = items[0]?.id ?? '';
    expect(await reasonsOf(id)).toEqual(['notify first-notification']);

    clock.addMs(HOUR_MS + 1_000);
    await eventually(() => head.accepted.length === 1, 30_000, 'the head of the desk told');
    const expiresAt = new Date(clock.now().getTime() + 24 * HOUR_MS).toISOString();
    expect((await app.admin('POST', `/v1/alerts/${id}/acknowledge`, { note: 'with the debtor', expiresAt })).status).toBe(204);
    expect((await alert(id)).acknowledged).toMatchObject({ expiresAt });
    clock.addMs(25 * HOUR_MS);
    await eventually(() => desk.accepted.length === 2 && head.accepted.length === 2, 30_000, 'both told again when it lapsed');
    expect((await reasonsOf(id)).slice(0, 2)).toEqual(['notify first-notification', 'notify not-acknowledged-in-time']);
    expect((await reasonsOf(id)).slice(2)).toEqual(['notify acknowledgement-expired', 'notify acknowledgement-expired']);

    const group = await ok<{ openCount: number; members: { toldOn: string[] }[]; deliveries: { reason: string }[] }>(
      app.admin('GET', `/v1/alert-groups/${items[0]?.groupId ?? ''}`),
    );
    expect(group.openCount).toBe(2);
    expect(group.members.map(({ toldOn }) => [...toldOn].sort())).toEqual([[first, second].sort(), [first, second].sort()]);
    expect(group.deliveries.map(({ reason }) => reason)).toEqual(['fired', 'escalated', 'ack-expired', 'ack-expired']);
  });

  it('is quiet under a silence with a reason, which is listed with its end, and heard again when somebody ends it', async () => {
    const before = desk.accepted.length;
    const endsAt = new Date(clock.now().getTime() + 7 * 24 * HOUR_MS).toISOString();
    const matchers = [{ label: 'kinds', value: 'trade' }];
    const silenceId = await create('/v1/silences', { matchers, endsAt, reason: 'ledger migration' });
    clock.addMs(100 * HOUR_MS);
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    expect(desk.accepted.length).toBe(before);
    expect((await app.admin('DELETE', `/v1/silences/${silenceId}`)).status).toBe(204);
    await eventually(() => desk.accepted.length === before + 1, 30_000, 'the repeat that the silence kept back');
    const listed = await ok<{ items: object[] }>(app.admin('GET', '/v1/silences'));
    expect(listed.items).toMatchObject([{ id: silenceId, status: 'ended', reason: 'ledger migration', ended: { reason: 'by-hand' } }]);
  });

  const refused: readonly (readonly [what: string, path: string, method: string, body: object, code: string])[] = [
    [
      'a silence without a reason',
      '/v1/silences',
      'POST',
      { matchers: [{ label: 'segment', value: 'A' }], endsAt: '2025-01-20T00:00:00Z' },
      'validation-failed',
    ],
    [
      'a silence that lasts for months',
      '/v1/silences',
      'POST',
      { matchers: [{ label: 'segment', value: 'A' }], endsAt: '2025-06-20T00:00:00Z', reason: 'quiet' },
      'silence-period-invalid',
    ],
    [
      'a silence over the chain of seals',
      '/v1/silences',
      'POST',
      { matchers: [{ label: 'ruleType', value: 'broken-chain' }], endsAt: '2025-01-20T00:00:00Z', reason: 'quiet' },
      'alert-not-silenceable',
    ],
    [
      'hours that end before they begin',
      '/v1/notification-policy',
      'PUT',
      { hours: { days: [1], from: '18:00', to: '08:00' } },
      'validation-failed',
    ],
    ['a zone that is none', '/v1/notification-policy', 'PUT', { timeZone: 'Mars/Olympus' }, 'validation-failed'],
    [
      'an escalation to a channel nobody registered',
      '/v1/notification-policy',
      'PUT',
      { escalation: { channels: ['00000000-0000-4000-8000-000000000000'], afterMinutes: 5 } },
      'channel-unknown',
    ],
  ];
  it.each(refused)('refuses %s', async (_what, path, method, body, code) => {
    const { status, json } = await app.admin(method, path, body);
    expect([status, (json as { code: string }).code]).toEqual([422, code]);
  });
});
