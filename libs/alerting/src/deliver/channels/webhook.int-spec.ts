import { startFakeWebhook, type FakeWebhook, type ScriptedAnswer } from '@app/testing';
import type { Send } from '../outgoing-message';
import { outgoing, RUNNING } from './outgoing.fixture';
import { type Resolve, systemResolve } from './outbound/address-guard';
import { webhookSender, type WebhookSettings } from './webhook.channel';

const OLD = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
const NEW = `whsec_${Buffer.alloc(32, 2).toString('base64')}`;
const AT = new Date('2026-03-01T10:00:00Z');
const message = outgoing();

describe('one attempt at a webhook', () => {
  let receiver: FakeWebhook;
  beforeEach(async () => {
    receiver = await startFakeWebhook();
  });
  afterEach(() => receiver.stop());
  const sender = (rest: Partial<WebhookSettings> = {}): Send =>
    webhookSender({ url: receiver.url, secrets: () => [NEW], reach: 'loopback', resolve: systemResolve, now: () => AT, ...rest }, 400);

  it('is signed after Standard Webhooks, under the id of the delivery', async () => {
    expect(await sender()(message, RUNNING)).toEqual({ outcome: 'sent', providerId: null });
    const [received] = receiver.received;
    if (received === undefined) throw new Error('Nothing was received.');
    expect(received).toMatchObject({ id: message.deliveryId, timestamp: String(AT.getTime() / 1_000) });
    expect(received.body).toMatchObject({ type: 'alert.fired', timestamp: AT.toISOString(), data: { title: message.title } });
    expect(receiver.isSignedBy(received, NEW)).toBe(true);
    expect(receiver.isSignedBy(received, OLD)).toBe(false);
  });

  it('is signed with both keys while one replaces the other', async () => {
    await sender({ secrets: () => [NEW, OLD] })(message, RUNNING);
    const [received] = receiver.received;
    if (received === undefined) throw new Error('Nothing was received.');
    expect([receiver.isSignedBy(received, NEW), receiver.isSignedBy(received, OLD)]).toEqual([true, true]);
  });

  const table: readonly (readonly [ScriptedAnswer, object])[] = [
    ['hang', { outcome: 'unknown', reason: 'webhook-timeout' }],
    ['drop', { outcome: 'unknown', reason: 'webhook-econnreset' }],
    [
      { status: 429, retryAfter: '30' },
      { outcome: 'retry', reason: 'webhook-http-429', retryAfterSeconds: 30 },
    ],
    [{ status: 500 }, { outcome: 'retry', reason: 'webhook-http-500', retryAfterSeconds: null }],
    [{ status: 410 }, { outcome: 'give-up', reason: 'webhook-http-410' }],
    [{ status: 401 }, { outcome: 'give-up', reason: 'webhook-http-401' }],
  ];
  it.each(table)('answered %j comes out as %j', async (answer, outcome) => {
    receiver.answerNext(answer);
    expect(await sender()(message, RUNNING)).toEqual(outcome);
  });

  it('never follows a redirect: it leads where nobody looked', async () => {
    receiver.answerNext({ status: 307, location: receiver.url });
    expect(await sender()(message, RUNNING)).toEqual({ outcome: 'give-up', reason: 'webhook-http-307' });
    expect(receiver.received).toHaveLength(1);
  });

  const named = (): string => receiver.url.replace('127.0.0.1', 'rebound.example');
  it('reaches nothing inside through a name that means another address by now', async () => {
    const answers = [['93.184.215.14'], ['127.0.0.1']];
    const rebound: Resolve = () => Promise.resolve(answers.shift() ?? []);
    // What registration saw.
    expect(await rebound('rebound.example')).toEqual(['93.184.215.14']);
    const send = sender({ url: named().replace('http:', 'https:'), reach: 'public', resolve: rebound });
    expect(await send(message, RUNNING)).toEqual({ outcome: 'give-up', reason: 'webhook-address-private' });
    expect(receiver.received).toEqual([]);
  });

  it('connects to the address that was checked, whatever the name means a moment later', async () => {
    let asked = 0;
    const resolve: Resolve = () => {
      asked += 1;
      return Promise.resolve(['127.0.0.1']);
    };
    expect(await sender({ url: named(), resolve })(message, RUNNING)).toMatchObject({ outcome: 'sent' });
    expect(asked).toBe(1);
  });

  it('tries again later while a name has no address', async () => {
    const resolve: Resolve = () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    const outcome = await sender({ url: named(), resolve })(message, RUNNING);
    expect(outcome).toEqual({ outcome: 'retry', reason: 'webhook-enotfound', retryAfterSeconds: null });
  });
});
