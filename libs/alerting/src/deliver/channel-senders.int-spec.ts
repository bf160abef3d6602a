import { Writable } from 'node:stream';
import { Logger } from '@app/platform';
import {
  eventually,
  type FakeSlackBot,
  type FakeSmtp,
  type FakeWebhook,
  startFakeSlackBot,
  startFakeSmtp,
  startFakeWebhook,
  steppableClock,
} from '@app/testing';
import { TENANT, TestAlerting } from '../alerting.fixture';
import type { Delivery } from '../delivery';
import { EnableChannel } from '../enable-channel/enable-channel.command';
import { ListChannelsQuery, type ShownChannel } from '../list-channels/list-channels.query';
import { ListDeliveriesQuery } from '../list-deliveries/list-deliveries.query';
import { type ChannelTarget, RegisterChannel } from '../register-channel/register-channel.command';
import { RotateChannelSecret } from '../rotate-channel-secret/rotate-channel-secret.command';
import { TestChannel } from '../test-channel/test-channel.command';

const PLANTED = 'planted-secret';
const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;
const DAY_MS = 86_400_000;

describe('channels of every type, from the request to the receiver', () => {
  const clock = steppableClock(new Date());
  let alerting: TestAlerting;
  let slack: FakeSlackBot;
  let webhook: FakeWebhook;
  let smtp: FakeSmtp;
  let logged: string;

  beforeEach(async () => {
    logged = '';
    const lines = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        logged += chunk.toString();
        done();
      },
    });
    alerting = await TestAlerting.open(undefined, clock, new Logger('trace', lines));
    [slack, webhook, smtp] = [await startFakeSlackBot(), await startFakeWebhook(), await startFakeSmtp()];
    await alerting.startWorker();
  }, 120_000);
  afterEach(async () => {
    await alerting.stop();
    await Promise.all([slack.stop(), webhook.stop(), smtp.stop()]);
  }, 60_000);

  const register = async (target: ChannelTarget): Promise<string> =>
    (await alerting.commands.execute(new RegisterChannel(alerting.context(), null, target))).id;
  const bot = (botToken = slack.botToken): Promise<string> =>
    register({ type: 'slack-bot', botToken, channel: slack.channel, signingSecret: PLANTED, apiUrl: slack.apiUrl, principals: null });
  const hook = (url = webhook.url): Promise<string> => register({ type: 'webhook', url, secret: SECRET });
  const test = async (channelId: string): Promise<string> =>
    (await alerting.commands.execute(new TestChannel(alerting.context(), channelId))).id;
  const deliveries = async (): Promise<readonly Delivery[]> =>
    (await alerting.queries.execute(new ListDeliveriesQuery(TENANT, {}, undefined, 100))).items;
  const outcomeOf = async (id: string): Promise<Delivery['outcome']> => {
    let found: Delivery['outcome'] | undefined;
    await eventually(async () => {
      found = (await deliveries()).find((delivery) => delivery.id === id)?.outcome;
      return found !== undefined && found.state !== 'pending';
    }, 30_000);
    if (found === undefined) throw new Error(`Delivery ${id} was not found.`);
    return found;
  };
  const channel = async (id: string): Promise<ShownChannel | undefined> =>
    (await alerting.queries.execute(new ListChannelsQuery(TENANT))).find((shown) => shown.id === id);

  it('reach their receivers under the id of the delivery, each once', async () => {
    const ids = [await test(await bot()), await test(await hook()), await test(await alerting.emailChannel(smtp.host, smtp.port))];
    for (const id of ids) expect(await outcomeOf(id)).toMatchObject({ state: 'succeeded', data: { attempts: 1 } });
    expect(slack.messages.map(({ metadata }) => metadata?.event_payload)).toEqual([{ deliveryId: ids[0] }]);
    expect(webhook.accepted.map(({ id }) => id)).toEqual([ids[1]]);
    expect(smtp.accepted.map(({ mail }) => mail.messageId)).toEqual([`<${String(ids[2])}@arrears>`]);
  }, 60_000);

  it('find a message again whose answer was lost, instead of sending it twice', async () => {
    slack.answerNext('chat.postMessage', 'drop');
    const id = await test(await bot());
    expect(await outcomeOf(id)).toMatchObject({ state: 'succeeded', data: { reconciled: true } });
    expect(slack.messages).toHaveLength(1);
    expect(slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
  }, 60_000);

  it('sign with both keys for a day after a change, and then with the new one alone', async () => {
    const id = await hook();
    const { secret } = await alerting.commands.execute(new RotateChannelSecret(alerting.context(), id, null));
    await outcomeOf(await test(id));
    clock.addMs(DAY_MS);
    await outcomeOf(await test(id));
    const signed = webhook.accepted.map((message) => [webhook.isSignedBy(message, secret ?? ''), webhook.isSignedBy(message, SECRET)]);
    expect(signed).toEqual([
      [true, true],
      [true, false],
    ]);
    expect(await channel(id)).toMatchObject({ target: { previousSecretUntil: null } });
  }, 60_000);

  it('are sent nothing more once they said that they are gone, until somebody enables them again', async () => {
    const id = await hook();
    webhook.answerNext({ status: 410 });
    expect(await outcomeOf(await test(id))).toMatchObject({ state: 'failed', data: { reason: 'webhook-http-410' } });
    await eventually(async () => (await channel(id))?.status === 'disabled', 15_000);
    expect(await channel(id)).toMatchObject({ disabled: { reason: 'gone' } });
    expect(await outcomeOf(await test(id))).toMatchObject({ state: 'failed', data: { reason: 'channel-disabled' } });
    expect(webhook.received).toHaveLength(1);
    await alerting.commands.execute(new EnableChannel(alerting.context(), id));
    expect(await outcomeOf(await test(id))).toMatchObject({ state: 'succeeded' });
    expect(await channel(id)).toMatchObject({ status: 'active', disabled: null });
  }, 60_000);

  it('keep their secrets out of the log, also when everything fails', async () => {
    const url = `${webhook.url}?key=${PLANTED}`;
    webhook.answerNext({ status: 400 });
    smtp.answerNext({ code: 550 });
    const failed = [
      await test(await bot(`xoxb-${PLANTED}`)),
      await test(await hook(url)),
      await test(
        await register({
          type: 'email',
          to: [`${PLANTED}@example.com`],
          from: null,
          smtp: { host: smtp.host, port: smtp.port, secure: false, user: null, password: null },
          dkim: null,
        }),
      ),
    ];
    for (const id of failed) expect(await outcomeOf(id)).toMatchObject({ state: 'failed' });
    await alerting.stopWorker();
    expect(logged).not.toBe('');
    expect(logged).not.toContain(PLANTED);
    expect(logged).not.toContain(SECRET);
    const stored = await alerting.owner('SELECT data::text AS text FROM es.event UNION ALL SELECT payload::text FROM pf.intent');
    expect(stored.filter(({ text }) => /planted|xoxb-|whsec_/.test(String(text)))).toEqual([]);
  }, 60_000);
});
