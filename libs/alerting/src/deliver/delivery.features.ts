import { eventually, startFakeSlack, startFakeSmtp, type FakeSlack, type FakeSmtp } from '@app/testing';
import { TENANT, TestAlerting } from '../alerting.fixture';
import type { Delivery } from '../delivery';
import { ListDeliveriesQuery } from '../list-deliveries/list-deliveries.query';
import { RemoveChannel } from '../remove-channel/remove-channel.command';
import { TestChannel } from '../test-channel/test-channel.command';
import { DeliverJob } from './deliver.job';

const NEVER_ABORTED = new AbortController().signal;

/** What delivery must do whichever queue rings; the same sentences hold on Redis and on PostgreSQL. */
export function describeDelivery(redisUrl: () => string | null | undefined): void {
  let alerting: TestAlerting;
  let slack: FakeSlack;
  let smtp: FakeSmtp;
  const isSkipped = (): boolean => redisUrl() === null;

  beforeEach(async () => {
    if (isSkipped()) return;
    alerting = await TestAlerting.open(redisUrl() ?? undefined);
    slack = await startFakeSlack();
    smtp = await startFakeSmtp();
  }, 120_000);
  afterEach(async () => {
    if (isSkipped()) return;
    await slack.stop();
    await smtp.stop();
    await alerting.stop();
  }, 60_000);

  const sentence = (name: string, body: () => Promise<void>): void => {
    it(
      name,
      async () => {
        if (isSkipped()) process.stderr.write(`skipped, no Redis answers: ${name}\n`);
        else await body();
      },
      60_000,
    );
  };
  const deliveries = async (): Promise<readonly Delivery[]> =>
    (await alerting.queries.execute(new ListDeliveriesQuery(TENANT, {}, undefined, 100))).items;
  const settled = (count: number): Promise<void> =>
    eventually(async () => (await deliveries()).filter(({ outcome }) => outcome.state !== 'pending').length === count, 30_000, 'outcomes');
  /** Asks for a message to the channel and answers with its delivery. */
  const ask = async (channelId: string): Promise<string> =>
    (await alerting.commands.execute(new TestChannel(alerting.context(), channelId))).id;
  const outcomes = async (): Promise<unknown[]> =>
    (await deliveries()).map(({ outcome }) => ({ state: outcome.state, ...(outcome.state !== 'pending' && outcome.data) }));

  sentence('brings a shift of a close to Slack and to email, each once, with its cause', async () => {
    await alerting.defineRule([await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)]);
    await alerting.startWorker();
    await alerting.close('2023-12-31', 50);
    await alerting.close('2024-12-31', 60);
    await settled(2);
    const cause = 'Coverage rose from 50.00 % (CNY 500 of 1,000) at 2023-12-31 to 60.00 % (CNY 600 of 1,000) at 2024-12-31';
    expect(slack.accepted.map(({ text }) => text)).toEqual([expect.stringContaining(`Critical: Coverage: ${cause}`)]);
    const [mail] = smtp.accepted;
    expect(smtp.accepted).toHaveLength(1);
    expect(mail?.mail.subject).toBe('Critical: Coverage');
    expect(mail?.mail.text).toContain(cause);
    expect(mail?.mail.html).toContain(cause);
    expect(mail?.to).toEqual(['finance@example.com']);
  });

  sentence('sends nothing when every close is heard of again from the beginning of the log', async () => {
    await alerting.defineRule([await alerting.slackChannel(slack.url)]);
    await alerting.startWorker();
    await alerting.close('2023-12-31', 50);
    await alerting.close('2024-12-31', 60);
    await settled(1);
    await alerting.stopWorker();
    await alerting.owner('DELETE FROM es.checkpoint');
    await alerting.owner('DELETE FROM al.evaluation');
    await alerting.owner(`DELETE FROM pf.intent WHERE kind = 'evaluate'`);
    await alerting.startWorker();
    await eventually(async () => (await alerting.owner(`SELECT 1 FROM pf.intent WHERE kind = 'evaluate' AND state = 'done'`)).length === 3);
    expect(slack.received).toHaveLength(1);
    expect((await alerting.recorded('alert', 'delivery')).map(({ type }) => type)).toEqual([
      'AlertFired',
      'DeliveryRequested',
      'DeliverySucceeded',
    ]);
  });

  sentence('threads what ends an alert under what began it, under ids of its own', async () => {
    await alerting.defineRule([await alerting.emailChannel(smtp.host, smtp.port)]);
    await alerting.startWorker();
    await alerting.close('2023-12-31', 50);
    await alerting.close('2024-12-31', 60);
    await settled(1);
    await alerting.close('2025-12-31', 61);
    await settled(2);
    const [began, ended] = smtp.accepted.map(({ mail }) => mail);
    const [resolved, fired] = await deliveries();
    expect(began?.messageId).toBe(`<${String(fired?.id)}@arrears>`);
    expect(ended?.messageId).toBe(`<${String(resolved?.id)}@arrears>`);
    expect(ended?.inReplyTo).toBe(began?.messageId);
    expect(ended?.references).toContain(`<${String(fired?.request.alertId)}@arrears>`);
    expect(ended?.subject).toBe('Resolved: Coverage');
  });

  sentence('waits as long as Slack asks for before it tries again, also when the worker is started anew meanwhile', async () => {
    const channel = await alerting.slackChannel(slack.url);
    slack.answerNext({ status: 429, retryAfter: '3' });
    await alerting.startWorker();
    await ask(channel);
    await eventually(() => slack.received.length === 1);
    await eventually(
      async () => (await alerting.owner(`SELECT reason FROM pf.intent WHERE state = 'waiting'`))[0]?.['reason'] === 'slack-http-429',
    );
    await alerting.stopWorker();
    await alerting.startWorker();
    await settled(1);
    const [first, second] = slack.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(await outcomes()).toEqual([expect.objectContaining({ state: 'succeeded', attempts: 2 })]);
  });

  sentence('tries again after a server error, a dropped connection and a reply of 4xx of the mail server', async () => {
    const [slackId, emailId] = [await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)];
    slack.answerNext({ status: 500 }, 'drop');
    smtp.answerNext({ code: 451 });
    await alerting.startWorker();
    await ask(slackId);
    await ask(emailId);
    await settled(2);
    expect(slack.accepted).toHaveLength(1);
    expect(smtp.accepted).toHaveLength(1);
    expect(await outcomes()).toEqual([
      expect.objectContaining({ state: 'succeeded', attempts: 2 }),
      expect.objectContaining({ state: 'succeeded', attempts: 3 }),
    ]);
  });

  sentence('gives up at once on an answer that will stay the same, and writes down which', async () => {
    const [slackId, emailId] = [await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)];
    slack.answerNext({ status: 404 });
    smtp.answerNext({ code: 550 });
    await alerting.startWorker();
    await ask(slackId);
    await ask(emailId);
    await settled(2);
    expect(await outcomes()).toEqual([
      expect.objectContaining({ state: 'failed', attempts: 1, cause: 'permanent', reason: 'smtp-550' }),
      expect.objectContaining({ state: 'failed', attempts: 1, cause: 'permanent', reason: 'slack-http-404' }),
    ]);
    expect(slack.received).toHaveLength(1);
  });

  sentence('never follows a redirect with what is meant for Slack', async () => {
    const channel = await alerting.slackChannel(slack.url);
    slack.answerNext({ status: 307, location: slack.url });
    await alerting.startWorker();
    await ask(channel);
    await settled(1);
    expect(slack.received).toHaveLength(1);
    expect(await outcomes()).toEqual([expect.objectContaining({ state: 'failed', reason: 'slack-http-307' })]);
  });

  sentence('sends once more under the same ids, and only once, after a crash between sending and writing it down', async () => {
    const [slackId, emailId] = [await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)];
    const ids = [await ask(slackId), await ask(emailId)];
    const { store } = alerting.log;
    const append = jest.spyOn(store, 'appendSingle').mockImplementation(() => Promise.reject(new Error('the process is gone')));
    const job = alerting.deliverJob;
    for (const key of ids) await expect(job.run(jobOf(key))).rejects.toThrow('the process is gone');
    append.mockRestore();
    await alerting.startWorker();
    await settled(2);
    // A queue that repeats itself changes nothing any more.
    for (const key of ids) expect(await job.run(jobOf(key))).toEqual({ outcome: 'done' });
    expect(slack.accepted).toHaveLength(2);
    expect(new Set(slack.accepted.map(({ raw }) => raw)).size).toBe(1);
    expect(smtp.accepted.map(({ mail }) => mail.messageId)).toEqual([`<${String(ids[1])}@arrears>`, `<${String(ids[1])}@arrears>`]);
  });

  sentence('gives up what waits for a channel that was removed', async () => {
    const channel = await alerting.slackChannel(slack.url);
    await ask(channel);
    await alerting.commands.execute(new RemoveChannel(alerting.context(), channel));
    await alerting.startWorker();
    await settled(1);
    expect(slack.received).toEqual([]);
    expect(await outcomes()).toEqual([expect.objectContaining({ state: 'failed', cause: 'permanent', reason: 'channel-removed' })]);
  });

  const jobOf = (key: string): Parameters<DeliverJob['run']>[0] => ({
    intentId: key,
    tenantId: TENANT,
    kind: 'deliver',
    key,
    payload: {},
    attempt: 1,
    generation: 1,
    signal: NEVER_ABORTED,
    extendLease: () => Promise.resolve(),
  });
}
