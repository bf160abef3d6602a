import { eventually, type FakeSlack, type FakeSmtp } from '@app/testing';
import { TENANT, type TestAlerting } from '../alerting.fixture';
import { GetDeliveryQuery } from '../list-deliveries/list-deliveries.query';
import { ReplayChannel, ReplayDelivery } from '../replay-deliveries/replay-deliveries.command';
import { SetChannelFallback } from '../set-channel-fallback/set-channel-fallback.command';
import { CHANNEL_HEALTH_SCHEDULE } from './channel-health.job';
import { ChannelSenders } from './channel-senders';
import { DeliveryAttempts } from './delivery-attempts';
import { DeliveryBench, jobOf, sentences } from './delivery-bench.fixture';
import type { Reconciliation } from './outgoing-message';

/** What must hold when processes die, channels fail and queues repeat themselves; on Redis and on PostgreSQL alike. */
export function describeDeliveryFaults(redisUrl: () => string | null | undefined): void {
  let bench: DeliveryBench;
  let alerting: TestAlerting;
  let slack: FakeSlack;
  let smtp: FakeSmtp;
  const isSkipped = (): boolean => redisUrl() === null;

  beforeEach(async () => {
    if (isSkipped()) return;
    bench = await DeliveryBench.open(redisUrl() ?? undefined);
    ({ alerting, slack, smtp } = bench);
  }, 120_000);
  afterEach(async () => {
    jest.restoreAllMocks();
    if (!isSkipped()) await bench.stop();
  }, 60_000);
  const sentence = sentences(isSkipped);

  /** One run of a delivery whose process dies before it writes down what became of it. */
  const dieBeforeOutcome = async (deliveryId: string): Promise<void> => {
    const end = jest.spyOn(DeliveryAttempts.prototype, 'end').mockRejectedValue(new Error('the process is gone'));
    await expect(alerting.deliverJob.run(jobOf(deliveryId))).rejects.toThrow('the process is gone');
    end.mockRestore();
  };
  const historyOf = async (deliveryId: string): Promise<(string | undefined)[]> => {
    const delivery = await alerting.queries.execute(new GetDeliveryQuery(TENANT, deliveryId));
    return delivery?.attempts.map(({ ended }) => (ended === null ? undefined : `${ended.outcome} ${ended.reason}`)) ?? [];
  };
  const failing = (status: number): void => {
    slack.answerNext({ status });
  };

  sentence('sends once more under the same ids, and only once, after a crash between sending and writing it down', async () => {
    const [slackId, emailId] = [await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)];
    const ids = [await bench.ask(slackId), await bench.ask(emailId)];
    for (const key of ids) await dieBeforeOutcome(key);
    await alerting.startWorker();
    await bench.settled(2);
    // A queue that repeats itself changes nothing any more.
    for (const key of ids) expect(await alerting.deliverJob.run(jobOf(key))).toEqual({ outcome: 'done' });
    expect(slack.accepted).toHaveLength(2);
    expect(new Set(slack.accepted.map(({ raw }) => raw)).size).toBe(1);
    expect(smtp.accepted.map(({ mail }) => mail.messageId)).toEqual([`<${String(ids[1])}@arrears>`, `<${String(ids[1])}@arrears>`]);
    expect(await historyOf(ids[0] ?? '')).toEqual(['unknown worker-lost', undefined]);
  });

  const answers: readonly (readonly [Reconciliation, number, string])[] = [
    [{ found: 'arrived', providerId: 'm1' }, 1, 'does not send a second time what the channel says it has'],
    [{ found: 'not-arrived' }, 2, 'sends again what the channel says it has not'],
  ];
  for (const [found, sends, name] of answers) {
    sentence(`asks the channel after a crash, and ${name}`, async () => {
      const channel = await alerting.slackChannel(slack.url);
      const senderOf = ChannelSenders.prototype.senderOf;
      jest.spyOn(ChannelSenders.prototype, 'senderOf').mockImplementation(async function (this: ChannelSenders, ...args) {
        return { ...(await senderOf.apply(this, args)), reconcile: () => Promise.resolve(found) };
      });
      const id = await bench.ask(channel);
      await dieBeforeOutcome(id);
      await alerting.startWorker();
      await bench.settled(1);
      expect(slack.accepted).toHaveLength(sends);
      expect(await bench.outcomes()).toEqual([expect.objectContaining({ state: 'succeeded', reconciled: found.found === 'arrived' })]);
    });
  }

  sentence('sends once when two processes believe that they hold the same message', async () => {
    // By mail, where the rate lets several through at once: only the version of the stream holds them apart.
    const id = await bench.ask(await alerting.emailChannel(smtp.host, smtp.port));
    const outcomes = await Promise.all([1, 2, 3].map(() => alerting.deliverJob.run(jobOf(id))));
    expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(smtp.received).toHaveLength(1);
  });

  sentence('never tells Slack more than one message a second, and none out of turn', async () => {
    const channel = await alerting.slackChannel(slack.url);
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) ids.push(await bench.ask(channel));
    await alerting.startWorker();
    await bench.settled(5);
    const at = slack.received.map((message) => message.at);
    const gaps = at.slice(1).map((time, index) => time - (at[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    expect(slack.accepted).toHaveLength(5);
  });

  sentence('tries a message that was given up anew, with all its attempts, when somebody asks for it', async () => {
    const channel = await alerting.slackChannel(slack.url);
    failing(404);
    failing(404);
    await alerting.startWorker();
    const ids = [await bench.ask(channel), await bench.ask(channel)];
    await bench.settled(2);
    await alerting.commands.execute(new ReplayDelivery(alerting.context(), ids[0] ?? ''));
    await eventually(async () => (await bench.outcomes()).some((one) => (one as { state: string }).state === 'succeeded'));
    await expect(alerting.commands.execute(new ReplayDelivery(alerting.context(), ids[0] ?? ''))).rejects.toThrow(/succeeded/);
    expect(await alerting.commands.execute(new ReplayChannel(alerting.context(), channel))).toEqual({ replayed: 1 });
    await eventually(() => slack.accepted.length === 2);
    expect(new Set(slack.accepted.map(({ raw }) => raw)).size).toBe(2);
    // What the first try came to stays on record: a refusal is not told as a lost process afterwards.
    expect(await historyOf(ids[0] ?? '')).toEqual(['give-up slack-http-404', undefined]);
  });

  sentence('tells another channel what one has given up, and that it fails, but never through itself', async () => {
    const [channel, other] = [await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)];
    await alerting.commands.execute(new SetChannelFallback(alerting.context(), channel, other, null));
    await alerting.defineRule([channel]);
    failing(404);
    await alerting.startWorker();
    await alerting.close('2023-12-31', 50);
    await alerting.close('2024-12-31', 60);
    await eventually(() => smtp.accepted.length === 2, 30_000, 'the message and the alert about the channel');
    const subjects = smtp.accepted.map(({ mail }) => mail.subject).sort();
    expect(subjects).toEqual([expect.stringContaining('Channel failing'), 'Critical: Coverage']);
    expect(slack.received).toHaveLength(1);
    const failed = (await bench.deliveries()).find(({ outcome }) => outcome.state === 'failed');
    const told = (await bench.deliveries()).find(({ request }) => request.fallbackOf !== null);
    expect(failed?.outcome).toMatchObject({ data: { fallbackDeliveryId: told?.id } });
    // What it takes again ends the alert.
    await bench.ask(channel);
    await eventually(() => smtp.accepted.length === 3, 30_000, 'the end of the alert');
    expect((await alerting.recorded('channel')).map(({ type }) => type)).toEqual([
      'ChannelRegistered',
      'ChannelRegistered',
      'ChannelFallbackSet',
      'ChannelFailing',
      'ChannelRecovered',
    ]);
  });

  sentence('does not wait for a channel that has failed for its minutes, whatever it asks for', async () => {
    const [channel, other] = [await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)];
    await alerting.commands.execute(new SetChannelFallback(alerting.context(), channel, other, 10));
    await alerting.defineRule([channel]);
    slack.answerNext({ status: 503, retryAfter: '3600' });
    await alerting.startWorker();
    await alerting.close('2023-12-31', 50);
    await alerting.close('2024-12-31', 60);
    await eventually(async () => (await alerting.owner('SELECT 1 FROM al.channel_health')).length === 1, 30_000, 'the failure');
    const tick = async (): Promise<void> => {
      const { database, intents } = alerting.resources;
      const intent = { kind: 'channel-health', key: CHANNEL_HEALTH_SCHEDULE, payload: {} };
      await database.transaction(TENANT, (tx) => intents.request(tx, TENANT, intent));
      const isDone = `SELECT 1 FROM pf.intent WHERE kind = 'channel-health' AND state = 'done'`;
      await eventually(async () => (await alerting.owner(isDone)).length === 1);
    };
    await tick();
    expect(smtp.accepted).toHaveLength(0);
    await alerting.owner(`UPDATE al.channel_health SET failing_since = failing_since - interval '10 minutes'`);
    await tick();
    await eventually(() => smtp.accepted.length === 2, 30_000, 'the message and the alert about the channel');
    const failed = (await bench.deliveries()).find(({ outcome }) => outcome.state === 'failed');
    expect(failed?.outcome).toMatchObject({ data: { cause: 'channel-failing', reason: 'slack-http-503' } });
    expect(slack.received).toHaveLength(1);
  });

  sentence('sends nothing when the list of messages is rebuilt from the log, and lists what it listed', async () => {
    const channel = await alerting.slackChannel(slack.url);
    await alerting.startWorker();
    await bench.ask(channel);
    await bench.settled(1);
    const before = await bench.deliveries();
    await alerting.stopWorker();
    await alerting.owner('DELETE FROM al.delivery');
    await alerting.owner('DELETE FROM es.checkpoint');
    expect(await bench.deliveries()).toEqual([]);
    await alerting.startWorker();
    await bench.settled(1);
    expect(await bench.deliveries()).toEqual(before);
    expect(slack.received).toHaveLength(1);
  });
}
