import { startTestApi, type Answer, type TestApi } from '../test-api.fixture';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const ONE_CLICK = 'List-Unsubscribe=One-Click';

describe('the link that ends digests', () => {
  let api: TestApi;
  let channelId: string;
  beforeAll(async () => {
    api = await startTestApi();
    const smtp = { host: 'mail.example.com', port: 465 };
    const body = { type: 'email', to: ['finance@example.com', 'cfo@example.com'], smtp };
    channelId = String((await api.call('POST', '/v1/channels', { body })).body['id']);
  }, 120_000);
  afterAll(() => api.stop());

  /** The link as the mail carries it. */
  const path = (recipient = 'cfo@example.com', channel = channelId): string => {
    const content = JSON.stringify({ tenantId: 1, channelId: channel, recipient });
    return `/v1/digests/unsubscribe?token=${api.resources.secretBox.seal(content, 'digest-unsubscribe')}`;
  };
  const click = (to: string, headers: Record<string, string> = FORM, body = ONE_CLICK): Promise<Answer> =>
    api.call('POST', to, { key: null, body, headers });
  const paused = async (): Promise<unknown> => {
    const { body } = await api.call('GET', '/v1/channels');
    return (body['items'] as Record<string, unknown>[])[0]?.['digestsPaused'];
  };

  it('asks whoever opens it, and changes nothing by being looked at', async () => {
    const page = await api.call('GET', path(), { key: null });
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(page.text).toContain('<form method="post"');
    expect(await paused()).toEqual([]);
  });

  it('ends them for that recipient with one request and without a key, again and again', async () => {
    expect((await click(path())).status).toBe(200);
    expect((await click(path())).status).toBe(200);
    expect(await paused()).toEqual(['cfo@example.com']);
    const events = (await api.call('GET', '/v1/events?limit=1000')).text;
    expect(events.split('ChannelDigestsPaused')).toHaveLength(2);
    expect(events).not.toContain('cfo@example.com');
  });

  it('is taken as mail programs send it', async () => {
    const boundary = 'b0undary';
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--${boundary}--\r\n`;
    const answer = await click(path('finance@example.com'), { 'content-type': `multipart/form-data; boundary=${boundary}` }, body);
    expect(answer.status).toBe(200);
    expect(await paused()).toEqual(['cfo@example.com', 'finance@example.com']);
  });

  it('is refused when it was not made here or was changed, and says nothing about channels', async () => {
    const { search } = new URL(path(), 'http://x');
    const token = new URLSearchParams(search).get('token') ?? '';
    const changed = `${token.slice(0, -4)}${token.endsWith('AAAA') ? 'BBBB' : 'AAAA'}`;
    for (const bad of [changed, 'v1.AAAA', 'nothing']) {
      const answer = await click(`/v1/digests/unsubscribe?token=${bad}`);
      expect(answer).toMatchObject({ status: 422, body: { code: 'unsubscribe-token-invalid', errors: [{ field: 'token' }] } });
    }
    expect((await click('/v1/digests/unsubscribe?token=%3Cscript%3E')).status).toBe(422);
    expect((await click(path('x@example.com', '00000000-0000-4000-8000-000000000000'))).status).toBe(200);
  });
});
