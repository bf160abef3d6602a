import { setTimeout as pause } from 'node:timers/promises';
import { startFakeSlack, type FakeSlack } from '@app/testing';
import { ok, startApp, type Caller, type StartedApp } from './started-app.fixture';

jest.setTimeout(120_000);

interface Delivery {
  readonly id: string;
  readonly state: string;
}
interface Detail extends Delivery {
  readonly series: number;
  readonly failure: { readonly cause: string; readonly reason: string } | null;
  readonly history: readonly {
    readonly attempt: number;
    readonly series: number;
    readonly outcome: string | null;
    readonly reason: string | null;
  }[];
}
interface Page {
  readonly items: readonly Delivery[];
  readonly next: string | null;
}

describe('messages that were given up, over HTTP', () => {
  let app: StartedApp;
  let slack: FakeSlack;
  let manager: Caller;
  let viewer: Caller;
  let channelId: string;

  beforeAll(async () => {
    app = await startApp();
    slack = await startFakeSlack();
    manager = await app.principal('manager', ['manager']);
    viewer = await app.principal('viewer', ['viewer']);
    channelId = (await ok<{ id: string }>(app.admin('POST', '/v1/channels', { type: 'slack', webhookUrl: slack.url }))).id;
  });
  afterAll(async () => {
    await slack.stop();
    await app.stop();
  });

  const ask = async (): Promise<string> => (await ok<{ id: string }>(app.admin('POST', `/v1/channels/${channelId}/test`))).id;
  const show = (id: string): Promise<Detail> => ok(viewer('GET', `/v1/deliveries/${id}`));
  const ended = async (id: string, state: string): Promise<Detail> => {
    for (;;) {
      const shown = await show(id);
      if (shown.state === state) return shown;
      await pause(50);
    }
  };

  it('are listed as failed, say what every attempt came to, and go out under the same id when somebody asks for it', async () => {
    slack.answerNext({ status: 503, retryAfter: '1' }, { status: 404 });
    const id = await ask();
    const failed = await ended(id, 'failed');
    expect(failed.failure).toEqual({ cause: 'permanent', reason: 'slack-http-404' });
    expect(failed.history.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['retry', 'slack-http-503'],
      ['give-up', 'slack-http-404'],
    ]);
    expect((await ok<Page>(viewer('GET', '/v1/deliveries?state=failed'))).items.map((one) => one.id)).toEqual([id]);

    expect((await viewer('POST', `/v1/deliveries/${id}/replay`)).status).toBe(403);
    expect(await ok(manager('POST', `/v1/deliveries/${id}/replay`))).toEqual({ id });
    const told = await ended(id, 'succeeded');
    expect(told.series).toBe(2);
    expect(told.history.map(({ series, outcome }) => [series, outcome])).toEqual([
      [1, 'retry'],
      [1, 'give-up'],
      [2, 'sent'],
    ]);
    expect(slack.accepted.filter(({ raw }) => raw.includes(id))).toHaveLength(1);
    const again = await manager('POST', `/v1/deliveries/${id}/replay`);
    expect([again.status, (again.json as { code: string }).code]).toEqual([409, 'delivery-not-failed']);
  });

  it('go out together when a channel works again, each once, and pages of them never overlap', async () => {
    slack.answerNext({ status: 404 }, { status: 404 }, { status: 404 });
    const ids = [await ask(), await ask(), await ask()];
    for (const id of ids) await ended(id, 'failed');
    const first = await ok<Page>(viewer('GET', '/v1/deliveries?state=failed&limit=2'));
    const rest = await ok<Page>(viewer('GET', `/v1/deliveries?state=failed&limit=2&cursor=${String(first.next)}`));
    expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([...ids].reverse());
    expect(await ok(manager('POST', `/v1/channels/${channelId}/replay`))).toEqual({ replayed: 3 });
    for (const id of ids) await ended(id, 'succeeded');
    expect(ids.map((id) => slack.accepted.filter(({ raw }) => raw.includes(id)).length)).toEqual([1, 1, 1]);
  });

  it('fall back only to a channel that is there and is another one', async () => {
    const put = async (body: object): Promise<unknown> => {
      const { status, json } = await app.admin('PUT', `/v1/channels/${channelId}/fallback`, body);
      return [status, (json as { code?: string } | undefined)?.code];
    };
    expect(await put({ fallbackChannelId: channelId })).toEqual([422, 'channel-unknown']);
    expect(await put({ fallbackChannelId: '00000000-0000-4000-8000-000000000000' })).toEqual([422, 'channel-unknown']);
    expect((await put({ fallbackChannelId: null, afterMinutes: 0 })) as unknown[]).toEqual([expect.any(Number), expect.any(String)]);
    const other = await ok<{ id: string }>(app.admin('POST', '/v1/channels', { type: 'slack', webhookUrl: slack.url }));
    expect(await put({ fallbackChannelId: other.id, afterMinutes: 5 })).toEqual([204, undefined]);
    expect((await manager('POST', '/v1/deliveries/00000000-0000-4000-8000-000000000000/replay')).status).toBe(404);
  });
});
