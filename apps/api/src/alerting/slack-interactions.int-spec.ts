import { createHmac, randomUUID } from 'node:crypto';
import type { JsonObject } from '@app/event-store';
import { steppableClock } from '@app/testing';
import { startTestApi, type Answer, type TestApi } from '../test-api.fixture';

const SIGNING_SECRET = 'the-signing-secret-of-the-slack-app';
const CONTROLLER = '11111111-1111-4111-8111-111111111111';
const MACHINE = '00000000-0000-0000-0000-000000000000';
const BOT = { type: 'slack', botToken: 'xoxb-1', channel: 'C0CREDIT', signingSecret: SIGNING_SECRET };

interface Press {
  readonly action?: string;
  readonly user?: string;
  readonly alertId?: string;
  readonly secret?: string;
  /** Seconds before now. */
  readonly age?: number;
}

describe('buttons pressed in Slack', () => {
  const clock = steppableClock(new Date('2026-03-02T10:00:00Z'));
  let api: TestApi;
  let channelId: string;
  const alerts = [randomUUID(), randomUUID(), randomUUID(), randomUUID()] as const;

  beforeAll(async () => {
    api = await startTestApi({ clock });
    await fire(api, alerts);
    channelId = String((await api.call('POST', '/v1/channels', { body: BOT })).body['id']);
  }, 120_000);
  afterAll(() => api.stop());

  const form = ({ action = 'arrears-acknowledge', user = 'U0BOB', alertId = alerts[0] }: Press): string => {
    const payload = { type: 'block_actions', user: { id: user, username: 'bob' }, actions: [{ action_id: action, value: alertId }] };
    return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  };
  const signed = (body: string, { secret = SIGNING_SECRET, age = 0 }: Press): Record<string, string> => {
    const timestamp = String(Math.floor(clock.now().getTime() / 1_000) - age);
    const signature = `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    return { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature };
  };
  const send = (body: string, headers: Record<string, string>, path = `1/${channelId}`): Promise<Answer> =>
    api.call('POST', `/v1/slack/${path}/interactions`, { key: null, body, headers });
  const press = (what: Press = {}, path?: string): Promise<Answer> => send(form(what), signed(form(what), what), path);
  const acknowledged = async (alertId: string): Promise<unknown> => (await api.call('GET', `/v1/alerts/${alertId}`)).body['acknowledged'];

  it('acknowledge, with nothing but the id of whoever pressed', async () => {
    const started = Date.now();
    const answer = await press({ alertId: alerts[0] });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(Date.now() - started).toBeLessThan(3_000);
    expect(await acknowledged(alerts[0])).toMatchObject({ by: MACHINE, note: 'Slack user U0BOB' });
  });

  it('silence for a day, with a reason that says from where', async () => {
    expect((await press({ action: 'arrears-silence', alertId: alerts[1] })).status).toBe(200);
    const { body } = await api.call('GET', '/v1/silences');
    const matchers = [{ label: 'alertId', operator: '=', value: alerts[1] }];
    expect(body['items']).toEqual([expect.objectContaining({ matchers, reason: 'Silenced by Slack user U0BOB' })]);
    const [{ startsAt, endsAt }] = body['items'] as [{ startsAt: string; endsAt: string }];
    expect(Date.parse(endsAt) - Date.parse(startsAt)).toBeLessThanOrEqual(24 * 3_600_000);
  });

  it('act once, however often the request is sent', async () => {
    const body = form({ action: 'arrears-silence', alertId: alerts[1], user: 'U0TWICE' });
    const headers = signed(body, {});
    const answers = await Promise.all([send(body, headers), send(body, headers), send(body, headers)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const refused = await send(body, headers);
    expect(refused.body).toMatchObject({ code: 'slack-signature-replayed', errors: [{ field: 'x-slack-signature' }] });
    const { text } = await api.call('GET', '/v1/silences');
    expect(text.split('U0TWICE')).toHaveLength(2);
  });

  const refused: readonly (readonly [string, Press, number, string, string])[] = [
    ['signed with another secret', { secret: 'another' }, 401, 'slack-signature-invalid', 'x-slack-signature'],
    ['signed six minutes ago', { age: 360 }, 401, 'slack-signature-expired', 'x-slack-request-timestamp'],
    ['signed for the future', { age: -360 }, 401, 'slack-signature-expired', 'x-slack-request-timestamp'],
  ];
  it.each(refused)('do nothing when %s', async (_what, what, status, code, field) => {
    const answer = await press({ alertId: alerts[2], ...what });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code, errors: [{ field }] });
    expect(await acknowledged(alerts[2])).toBeNull();
  });

  it('do nothing when the body was changed on its way, or nothing signs it', async () => {
    const headers = signed(form({}), {});
    expect((await send(form({ alertId: alerts[2] }), headers)).body['code']).toBe('slack-signature-invalid');
    expect((await send(form({ alertId: alerts[2] }), { 'content-type': headers['content-type'] ?? '' })).status).toBe(401);
    expect(await acknowledged(alerts[2])).toBeNull();
  });

  it('do not tell which channels there are', async () => {
    const hook = { type: 'slack', webhookUrl: 'http://127.0.0.1:9/' };
    const other = String((await api.call('POST', '/v1/channels', { body: hook })).body['id']);
    const paths = [`1/${randomUUID()}`, `1/${other}`, `2/${channelId}`];
    const answers = await Promise.all(paths.map((path) => press({ alertId: alerts[2] }, path)));
    expect(answers.map(({ body }) => body['code'])).toEqual(Array.from({ length: 3 }, () => 'slack-signature-invalid'));
    expect((await press({}, `x/${channelId}`)).status).toBe(422);
  });

  it('take no press from a channel that was removed', async () => {
    const id = String((await api.call('POST', '/v1/channels', { body: BOT })).body['id']);
    await api.call('DELETE', `/v1/channels/${id}`);
    expect((await press({ alertId: alerts[2] }, `1/${id}`)).status).toBe(401);
  });

  it('are pressed only by those the channel names, each as the principal it names', async () => {
    const body = { ...BOT, principals: { U0BOB: CONTROLLER } };
    const id = String((await api.call('POST', '/v1/channels', { body })).body['id']);
    const stranger = await press({ alertId: alerts[3], user: 'U0EVE' }, `1/${id}`);
    expect(stranger).toMatchObject({ status: 403, body: { code: 'slack-user-not-mapped' } });
    expect(await acknowledged(alerts[3])).toBeNull();
    expect((await press({ alertId: alerts[3] }, `1/${id}`)).status).toBe(200);
    expect(await acknowledged(alerts[3])).toMatchObject({ by: CONTROLLER });
    // Who is who is personal: it stands in no event.
    const { body: log } = await api.call('GET', '/v1/events?limit=1000');
    const registered = (log['events'] as { type: string }[]).filter(({ type }) => type === 'ChannelRegistered');
    expect(registered.length).toBeGreaterThan(1);
    expect(JSON.stringify(registered)).not.toMatch(new RegExp(`${CONTROLLER}|U0BOB`));
  });

  it('are nothing to do for a link, and refused when they are no press at all', async () => {
    expect((await press({ action: 'arrears-view' })).status).toBe(200);
    expect((await press({ alertId: 'no id' })).body).toMatchObject({ code: 'slack-payload-invalid', errors: [{ field: 'payload' }] });
    for (const body of ['payload=%7B', 'nothing=1', '']) {
      const answer = await send(body, signed(body, {}));
      expect(answer).toMatchObject({ status: 422, body: { code: 'slack-payload-invalid' } });
    }
    expect((await press({ alertId: randomUUID() })).body['code']).toBe('alert-not-found');
    expect((await send('{}', { 'content-type': 'application/json' })).status).toBe(415);
  });

  it('send no more than a press: a body without end is not read to its end', async () => {
    const body = form({}) + 'x'.repeat(300_000);
    expect((await send(body, signed(body, {}))).status).toBe(413);
  });
});

/** Alerts as a close fires them, without the close. */
async function fire({ resources }: TestApi, alertIds: readonly string[]): Promise<void> {
  const { database, eventStore } = resources;
  const appends = alertIds.map((alertId) => ({
    category: 'alert',
    key: alertId,
    expectedVersion: 0,
    events: [{ type: 'AlertFired', effectiveOn: '2026-02-28', data: firedData(alertId) }],
  }));
  const context = { tenantId: 1, principalId: MACHINE, correlationId: randomUUID() };
  const appended = await database.transaction(1, (tx) => eventStore.append(tx, context, appends));
  await eventStore.settle(appended.reduce((last, { lastPosition }) => (lastPosition > last ? lastPosition : last), 0n));
}

function firedData(alertId: string): JsonObject {
  return {
    alertId,
    ruleId: randomUUID(),
    ruleVersion: 1,
    ruleName: 'Coverage',
    severity: 'critical',
    episode: 1,
    labels: {},
    asOf: '2026-02-28',
    baseAsOf: '2026-01-31',
    before: '0.5',
    after: '0.6',
    change: '0.1',
    subject: 'Coverage',
    cause: 'Coverage rose',
    inputs: {},
    notified: [],
  };
}
