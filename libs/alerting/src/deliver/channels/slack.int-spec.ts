import { startFakeSlack, type FakeSlack, type SlackAnswer } from '@app/testing';
import type { Send } from '../outgoing-message';
import { systemResolve } from './outbound/address-guard';
import { outgoing, RUNNING } from './outgoing.fixture';
import { slackSender } from './slack.channel';

const ATTEMPT_MS = 400;
const message = outgoing();

describe('one attempt at Slack', () => {
  let slack: FakeSlack;
  beforeEach(async () => {
    slack = await startFakeSlack();
  });
  afterEach(() => slack.stop());

  const sender = (webhookUrl: string, at = '2026-01-01T00:00:00Z'): Send =>
    slackSender({ webhookUrl, reach: 'loopback', resolve: systemResolve, now: () => new Date(at) }, ATTEMPT_MS);
  const table: readonly (readonly [SlackAnswer, object])[] = [
    ['ok', { outcome: 'sent', providerId: null }],
    ['hang', { outcome: 'unknown', reason: 'slack-timeout' }],
    ['drop', { outcome: 'unknown', reason: 'slack-econnreset' }],
    [
      { status: 429, retryAfter: '30' },
      { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: 30 },
    ],
    [
      { status: 429, retryAfter: 'Thu, 01 Jan 2026 00:01:00 GMT' },
      { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: 60 },
    ],
    [
      { status: 429, retryAfter: 'soon' },
      { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: null },
    ],
    [{ status: 408 }, { outcome: 'retry', reason: 'slack-http-408', retryAfterSeconds: null }],
    [{ status: 425 }, { outcome: 'retry', reason: 'slack-http-425', retryAfterSeconds: null }],
    [
      { status: 503, retryAfter: '5' },
      { outcome: 'retry', reason: 'slack-http-503', retryAfterSeconds: 5 },
    ],
    [{ status: 400 }, { outcome: 'give-up', reason: 'slack-http-400' }],
    [{ status: 403 }, { outcome: 'give-up', reason: 'slack-http-403' }],
    [{ status: 410 }, { outcome: 'give-up', reason: 'slack-http-410' }],
    [
      { status: 302, location: 'http://127.0.0.1:9/' },
      { outcome: 'give-up', reason: 'slack-http-302' },
    ],
  ];
  it.each(table)('answered %j comes out as %j: a wrong reading loses a message or sends it twice', async (answer, outcome) => {
    slack.answerNext(answer);
    expect(await sender(slack.url, '2026-01-01T00:00:00Z')(message, RUNNING)).toEqual(outcome);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const { url } = slack;
    await slack.stop();
    const outcome = await sender(url)(message, RUNNING);
    expect(outcome).toEqual({ outcome: 'retry', reason: 'slack-econnrefused', retryAfterSeconds: null });
    slack = await startFakeSlack();
  });

  it('finishes what it has begun when the process is asked to stop, rather than leave it open', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await sender(slack.url)(message, stop.signal)).toEqual({ outcome: 'sent', providerId: null });
  });
});
