import { eventually, type FakeSlack, type FakeSmtp } from '@app/testing';
import type { TestAlerting } from '../alerting.fixture';
import { RemoveChannel } from '../remove-channel/remove-channel.command';
import { DeliveryBench, sentences } from './delivery-bench.fixture';

/** What delivery must do whichever queue rings; the same sentences hold on Redis and on PostgreSQL. */
export function describeDelivery(redisUrl: () => string | null | undefined): void {
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
    if (!isSkipped()) await bench.stop();
  }, 60_000);
  const sentence = sentences(isSkipped);

  sentence('brings a shift of a close to Slack and to email, each once, with its cause', async () => {
    await alerting.defineRule([await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)]);
    await alerting.startWorker();
    await alerting.close('2023-12-31', 50);
    await alerting.close('2024-12-31', 60);
    await bench.settled(2);
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
    await bench.settled(1);
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
      'DeliveryAttempted',
      'DeliverySucceeded',
    ]);
  });

  sentence('threads what ends an alert under what began it, under ids of its own', async () => {
    await alerting.defineRule([await alerting.emailChannel(smtp.host, smtp.port)]);
    await alerting.startWorker();
    await alerting.close('2023-12-31', 50);
    await alerting.close('2024-12-31', 60);
    await bench.settled(1);
    await alerting.close('2025-12-31', 61);
    // One quiet close is no recovery.
    await alerting.close('2026-12-31', 62);
    await bench.settled(2);
    const [began, ended] = smtp.accepted.map(({ mail }) => mail);
    const [resolved, fired] = await bench.deliveries();
    expect(began?.messageId).toBe(`<${String(fired?.id)}@arrears>`);
    expect(ended?.messageId).toBe(`<${String(resolved?.id)}@arrears>`);
    expect(ended?.inReplyTo).toBe(began?.messageId);
    expect(ended?.references).toContain(`<${String(fired?.request.groupId)}@arrears>`);
    expect(ended?.subject).toBe('Resolved: Coverage');
  });

  sentence('waits as long as Slack asks for before it tries again, also when the worker is started anew meanwhile', async () => {
    const channel = await alerting.slackChannel(slack.url);
    slack.answerNext({ status: 429, retryAfter: '3' });
    await alerting.startWorker();
    await bench.ask(channel);
    await eventually(() => slack.received.length === 1);
    await eventually(
      async () => (await alerting.owner(`SELECT reason FROM pf.intent WHERE state = 'waiting'`))[0]?.['reason'] === 'slack-http-429',
    );
    await alerting.stopWorker();
    await alerting.startWorker();
    await bench.settled(1);
    const [first, second] = slack.received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(await bench.outcomes()).toEqual([expect.objectContaining({ state: 'succeeded', attempts: 2 })]);
  });

  sentence('tries again after a server error, a dropped connection and a reply of 4xx of the mail server', async () => {
    const [slackId, emailId] = [await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)];
    slack.answerNext({ status: 500 }, 'drop');
    smtp.answerNext({ code: 451 });
    await alerting.startWorker();
    await bench.ask(slackId);
    await bench.ask(emailId);
    await bench.settled(2);
    expect(slack.accepted).toHaveLength(1);
    expect(smtp.accepted).toHaveLength(1);
    expect(await bench.outcomes()).toEqual([
      expect.objectContaining({ state: 'succeeded', attempts: 2 }),
      expect.objectContaining({ state: 'succeeded', attempts: 3 }),
    ]);
  });

  sentence('gives up at once on an answer that will stay the same, and writes down which', async () => {
    const [slackId, emailId] = [await alerting.slackChannel(slack.url), await alerting.emailChannel(smtp.host, smtp.port)];
    slack.answerNext({ status: 404 });
    smtp.answerNext({ code: 550 });
    await alerting.startWorker();
    await bench.ask(slackId);
    await bench.ask(emailId);
    await bench.settled(2);
    expect(await bench.outcomes()).toEqual([
      expect.objectContaining({ state: 'failed', attempts: 1, cause: 'permanent', reason: 'smtp-550' }),
      expect.objectContaining({ state: 'failed', attempts: 1, cause: 'permanent', reason: 'slack-http-404' }),
    ]);
    expect(slack.received).toHaveLength(1);
  });

  sentence('never follows a redirect with what is meant for Slack', async () => {
    const channel = await alerting.slackChannel(slack.url);
    slack.answerNext({ status: 307, location: slack.url });
    await alerting.startWorker();
    await bench.ask(channel);
    await bench.settled(1);
    expect(slack.received).toHaveLength(1);
    expect(await bench.outcomes()).toEqual([expect.objectContaining({ state: 'failed', reason: 'slack-http-307' })]);
  });

  sentence('gives up what waits for a channel that was removed', async () => {
    const channel = await alerting.slackChannel(slack.url);
    await bench.ask(channel);
    await alerting.commands.execute(new RemoveChannel(alerting.context(), channel));
    await alerting.startWorker();
    await bench.settled(1);
    expect(slack.received).toEqual([]);
    expect(await bench.outcomes()).toEqual([expect.objectContaining({ state: 'failed', cause: 'permanent', reason: 'channel-removed' })]);
  });
}
