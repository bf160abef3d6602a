import { generateKeyPairSync } from 'node:crypto';
import { startTestApi, type Answer, type TestApi } from '../test-api.fixture';

const NOWHERE = '00000000-0000-4000-8000-000000000000';
const WEBHOOK = 'https://hooks.slack.example/services/T000/B000/planted-webhook';
const BOT = { type: 'slack', botToken: 'xoxb-planted-token', channel: 'C0CREDIT', signingSecret: 'planted-signing-secret' };
const SMTP = { host: 'mail.example.com', port: 465, user: 'arrears', password: 'planted-password' };
const { privateKey } = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const KEY_TEXT = privateKey.split('\n')[1] ?? '';
const EMAIL = { type: 'email', to: ['finance@planted.example'], smtp: SMTP };
const HOOK = { type: 'webhook', url: 'https://receiver.example/in?key=planted-query' };
const SECRET = `whsec_${Buffer.from('planted-secret-of-24-bytes!').toString('base64')}`;

describe('channels over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  }, 120_000);
  afterAll(() => api.stop());

  const post = (path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    api.call('POST', path, { body, headers });
  const idOf = ({ body }: Answer): string => String(body['id']);
  const shown = async (id: string): Promise<Record<string, unknown> | undefined> => {
    const { body } = await api.call('GET', '/v1/channels');
    return (body['items'] as Record<string, unknown>[]).find((item) => item['id'] === id);
  };

  it('of every type are registered, shown by what they lead to, and tested', async () => {
    const slack = idOf(await post('/v1/channels', { type: 'slack', name: 'control', webhookUrl: WEBHOOK }));
    const bot = idOf(await post('/v1/channels', BOT));
    const dkim = { domain: 'example.com', selector: 'alerts', privateKey };
    const email = idOf(await post('/v1/channels', { ...EMAIL, dkim }));
    const webhook = idOf(await post('/v1/channels', { ...HOOK, secret: SECRET }));
    expect(await shown(slack)).toMatchObject({
      name: 'control',
      type: 'slack',
      status: 'active',
      disabled: null,
      host: 'hooks.slack.example',
    });
    expect(await shown(bot)).toMatchObject({ type: 'slack', channel: 'C0CREDIT', buttons: true });
    expect(await shown(email)).toMatchObject({
      type: 'email',
      to: ['finance@planted.example'],
      smtp: { host: 'mail.example.com', secure: true, user: 'arrears' },
      dkim: { domain: 'example.com', selector: 'alerts' },
      digestsPaused: [],
    });
    expect(await shown(webhook)).toMatchObject({ type: 'webhook', host: 'receiver.example', previousSecretUntil: null });
    for (const id of [slack, bot, email, webhook]) {
      const test = await post(`/v1/channels/${id}/test`);
      expect(test.status).toBe(202);
      const deliveries = await api.call('GET', `/v1/deliveries?channelId=${id}`);
      expect(deliveries.body).toMatchObject({
        items: [{ id: idOf(test), channelId: id, reason: 'test', state: 'pending', alertId: null }],
      });
    }
  });

  it('keep every secret out of answers, errors, the log of events and the rows it is read from', async () => {
    const bodies = [
      { type: 'slack', webhookUrl: WEBHOOK },
      BOT,
      { ...EMAIL, dkim: { domain: 'a.example', selector: 's', privateKey } },
      { ...HOOK, secret: SECRET },
    ];
    const answers: Answer[] = [];
    for (const body of bodies) answers.push(await post('/v1/channels', body));
    const hook = answers.at(-1);
    answers.push(await post(`/v1/channels/${hook === undefined ? '' : idOf(hook)}/rotate-secret`, { secret: SECRET }));
    // Mistakes are answered without what was sent.
    for (const body of bodies) answers.push(await post('/v1/channels', { ...body, extra: 1 }));
    answers.push(
      await post('/v1/channels', { ...BOT, botToken: 'planted-token that is none' }),
      await post('/v1/channels', { ...BOT, apiUrl: 'https://planted.example/' }),
      await post('/v1/channels', { type: 'slack', webhookUrl: 'https://planted:planted@hooks.slack.example/' }),
      await post('/v1/channels', { ...HOOK, url: 'ftp://planted.example' }),
      await post('/v1/channels', { ...HOOK, secret: 'whsec_planted' }),
      await post('/v1/channels', {
        ...EMAIL,
        dkim: { domain: 'a.example', selector: 's', privateKey: `${privateKey.slice(0, 60)} planted` },
      }),
      await api.call('GET', '/v1/channels'),
      await api.call('GET', '/v1/deliveries'),
      await api.call('GET', '/v1/events?limit=1000'),
    );
    const stored = await api.resources.database.read(1, (tx) => tx.query<{ data: string }>('SELECT data::text AS data FROM es.event'));
    const texts = [...answers.map(({ text }) => text.replaceAll('finance@planted.example', '')), ...stored.map(({ data }) => data)];
    for (const text of texts) {
      expect(text).not.toContain('planted');
      expect(text).not.toContain(KEY_TEXT);
      expect(text).not.toContain(SECRET);
    }
    expect(stored.some(({ data }) => data.includes('sealedBotToken'))).toBe(true);
  });

  const refused: readonly (readonly [string, object, string, string])[] = [
    ['http to another machine', { type: 'slack', webhookUrl: 'http://hooks.slack.example/x' }, 'channel-url-not-allowed', '/webhookUrl'],
    ['a password in a URL', { type: 'slack', webhookUrl: 'https://u:p@hooks.slack.example/x' }, 'channel-url-not-allowed', '/webhookUrl'],
    ['a file', { type: 'slack', webhookUrl: 'file:///etc/passwd' }, 'channel-url-not-allowed', '/webhookUrl'],
    ['no URL', { type: 'slack', webhookUrl: 'hooks' }, 'channel-url-not-allowed', '/webhookUrl'],
    ['Slack inside', { type: 'slack', webhookUrl: 'https://10.0.0.5/x' }, 'channel-url-private', '/webhookUrl'],
    ['Slack on this machine over https', { type: 'slack', webhookUrl: 'https://127.0.0.1/x' }, 'channel-url-private', '/webhookUrl'],
    ['this machine', { ...HOOK, url: 'https://localhost:5432/' }, 'channel-url-private', '/url'],
    ['this machine over http', { ...HOOK, url: 'http://127.0.0.1:8080/' }, 'channel-url-private', '/url'],
    ['this machine as a number', { ...HOOK, url: 'https://2130706433/' }, 'channel-url-private', '/url'],
    ['this machine in hexadecimal', { ...HOOK, url: 'https://0x7f.1/' }, 'channel-url-private', '/url'],
    ['this machine in IPv6', { ...HOOK, url: 'https://[::1]/' }, 'channel-url-private', '/url'],
    ['this machine as IPv4 in IPv6', { ...HOOK, url: 'https://[::ffff:127.0.0.1]/' }, 'channel-url-private', '/url'],
    ['a private network', { ...HOOK, url: 'https://192.168.1.10/' }, 'channel-url-private', '/url'],
    ['a carrier’s network', { ...HOOK, url: 'https://100.64.1.1/' }, 'channel-url-private', '/url'],
    ['the metadata of a cloud', { ...HOOK, url: 'https://169.254.169.254/latest/meta-data' }, 'channel-url-private', '/url'],
    ['a private network in IPv6', { ...HOOK, url: 'https://[fd00::1]/' }, 'channel-url-private', '/url'],
    ['a webhook over http', { ...HOOK, url: 'http://receiver.example/' }, 'channel-url-not-allowed', '/url'],
    ['a short key', { ...HOOK, secret: 'whsec_c2hvcnQ=' }, 'webhook-secret-invalid', '/secret'],
    ['a key of another form', { ...HOOK, secret: 'c2hvcnQ='.repeat(6) }, 'webhook-secret-invalid', '/secret'],
    ['tokens sent elsewhere', { ...BOT, apiUrl: 'https://slack.example/api/' }, 'channel-url-not-allowed', '/apiUrl'],
    [
      'a key for DKIM that is none',
      { ...EMAIL, dkim: { domain: 'a.example', selector: 's', privateKey: 'PEM' } },
      'dkim-key-invalid',
      '/dkim/privateKey',
    ],
    ['a type nobody knows', { type: 'pigeon' }, 'validation-failed', '/type'],
    ['a bot without a channel', { type: 'slack', botToken: 'xoxb-1' }, 'validation-failed', '/channel'],
    ['a bot and a webhook', { ...BOT, webhookUrl: WEBHOOK }, 'validation-failed', '/webhookUrl'],
    ['buttons on a webhook', { type: 'slack', webhookUrl: WEBHOOK, signingSecret: 'x' }, 'validation-failed', '/signingSecret'],
    ['a channel by its name', { ...BOT, channel: '#credit' }, 'validation-failed', '/channel'],
    ['a user that is none', { ...BOT, principals: { bob: NOWHERE } }, 'validation-failed', '/principals/bob'],
    ['a header in an address', { ...EMAIL, to: ['a@example.com\r\nBcc: b@example.com'] }, 'validation-failed', '/to/0'],
    ['a header in the sender', { ...EMAIL, from: 'a@example.com\nBcc: b@example.com' }, 'validation-failed', '/from'],
    ['a header in a name', { ...EMAIL, name: 'a\r\nBcc: b@example.com' }, 'validation-failed', '/name'],
    [
      'a header in a domain',
      { ...EMAIL, dkim: { domain: 'a.example\r\nBcc', selector: 's', privateKey } },
      'validation-failed',
      '/dkim/domain',
    ],
    ['nobody to send to', { ...EMAIL, to: [] }, 'validation-failed', '/to'],
    ['a mail server that is none', { ...EMAIL, smtp: { host: 'mail example', port: 0 } }, 'validation-failed', '/smtp/host'],
  ];
  it.each(refused)('refuse %s', async (_what, body, code, pointer) => {
    const answer = await post('/v1/channels', body);
    expect(answer.status).toBe(422);
    expect(answer.body['code']).toBe(code);
    expect(JSON.stringify(answer.body['errors'])).toContain(`"pointer":"${pointer}"`);
  });

  it('may lead to a relay on this machine over http, as Slack webhooks always could', async () => {
    expect((await post('/v1/channels', { type: 'slack', webhookUrl: 'http://127.0.0.1:9/hook' })).status).toBe(201);
  });

  describe('that sign their messages', () => {
    it('get a key that is shown once, also when the request is repeated', async () => {
      const headers = { 'idempotency-key': 'hook-once' };
      const first = await post('/v1/channels', HOOK, headers);
      expect(first.body['secret']).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      const again = await post('/v1/channels', HOOK, headers);
      expect(again.body).toEqual({ id: idOf(first), secret: null });
      expect((await post('/v1/channels', { ...HOOK, secret: SECRET })).body['secret']).toBeUndefined();
    });

    it('change it, and say until when the one before still signs', async () => {
      const id = idOf(await post('/v1/channels', HOOK));
      const before = Date.now();
      const rotated = await post(`/v1/channels/${id}/rotate-secret`);
      expect(rotated.status).toBe(200);
      expect(rotated.body['secret']).toMatch(/^whsec_/);
      const until = String(rotated.body['previousUntil']);
      expect(Date.parse(until) - before).toBeGreaterThanOrEqual(24 * 60 * 60_000);
      expect(await shown(id)).toMatchObject({ previousSecretUntil: until });
      expect((await post(`/v1/channels/${id}/rotate-secret`, { secret: SECRET })).body['secret']).toBeNull();
      expect((await post(`/v1/channels/${id}/rotate-secret`, { secret: 'whsec_x' })).body['code']).toBe('webhook-secret-invalid');
    });

    it('are webhooks alone', async () => {
      const id = idOf(await post('/v1/channels', EMAIL));
      expect((await post(`/v1/channels/${id}/rotate-secret`)).body['code']).toBe('channel-type-unsupported');
      expect((await post(`/v1/channels/${NOWHERE}/rotate-secret`)).status).toBe(404);
    });
  });

  it('are removed for good, and enabled only while they are there', async () => {
    const id = idOf(await post('/v1/channels', HOOK));
    expect((await post(`/v1/channels/${id}/enable`)).status).toBe(204);
    expect((await api.call('DELETE', `/v1/channels/${id}`)).status).toBe(204);
    expect(await shown(id)).toBeUndefined();
    const gone = [`${id}/test`, `${id}/enable`, `${id}/rotate-secret`].map((path) => post(`/v1/channels/${path}`));
    expect((await Promise.all(gone)).map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await api.call('DELETE', `/v1/channels/${NOWHERE}`)).status).toBe(404);
  });
});
