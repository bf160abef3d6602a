import { startFakeSlackBot, type FakeSlackBot, type SlackApiAnswer } from '@app/testing';
import type { ChannelSender } from '../outgoing-message';
import { outgoing, RUNNING } from './outgoing.fixture';
import { slackBotSender } from './slack-bot.channel';

const opening = outgoing();
const change = (earlier: string | null): typeof opening =>
  outgoing({
    deliveryId: '5f0f6c1e-0000-4000-8000-000000000002',
    inReplyTo: opening.deliveryId,
    earlier,
    reason: 'resolved',
    groupState: 'resolved',
    title: 'Resolved: Coverage',
  });

describe('one attempt by a Slack bot', () => {
  let slack: FakeSlackBot;
  beforeEach(async () => {
    slack = await startFakeSlackBot();
  });
  afterEach(() => slack.stop());

  const sender = (buttons = true, botToken = slack.botToken): ChannelSender =>
    slackBotSender({ botToken, channel: slack.channel, apiUrl: slack.apiUrl, buttons }, 400);
  const actionsOf = (blocks: readonly unknown[]): string[] =>
    (blocks as { elements?: { action_id?: string }[] }[]).flatMap(({ elements = [] }) => elements.flatMap((e) => e.action_id ?? []));
  const providerOf = async (): Promise<string> => {
    const outcome = await sender().send(opening, RUNNING);
    if (outcome.outcome !== 'sent' || outcome.providerId === null) throw new Error(`Not sent: ${JSON.stringify(outcome)}`);
    return outcome.providerId;
  };

  it('posts under the id of the delivery, with buttons while it fires', async () => {
    const providerId = await providerOf();
    const [message] = slack.messages;
    expect(providerId).toBe(`${slack.channel}:${String(message?.ts)}`);
    expect(message?.metadata).toEqual({ event_type: 'arrears_delivery', event_payload: { deliveryId: opening.deliveryId } });
    expect(message?.text).toContain('Critical: Coverage');
    expect(actionsOf(message?.blocks ?? [])).toEqual(['arrears-view', 'arrears-acknowledge', 'arrears-silence']);
  });

  it('shows no buttons that nobody could verify a press of', async () => {
    await sender(false).send(opening, RUNNING);
    expect(actionsOf(slack.messages[0]?.blocks ?? [])).toEqual(['arrears-view']);
  });

  it('edits the one message of the group to what holds now, and tells the change in its thread', async () => {
    const earlier = await providerOf();
    const outcome = await sender().send(change(earlier), RUNNING);
    const [root, reply] = slack.messages;
    expect(slack.messages).toHaveLength(2);
    expect(root).toMatchObject({ edits: 1, threadTs: null, text: expect.stringContaining('Resolved: Coverage') as string });
    // Its own id stays with it: it is still found as the message it was.
    expect(root?.metadata?.event_payload).toEqual({ deliveryId: opening.deliveryId });
    expect(actionsOf(root?.blocks ?? [])).toEqual(['arrears-view']);
    expect(reply).toMatchObject({ threadTs: root?.ts, text: expect.stringContaining('Resolved: Coverage') as string });
    expect(outcome).toEqual({ outcome: 'sent', providerId: `${slack.channel}:${String(reply?.ts)}` });
  });

  it('tells a change on its own when the message it belongs to was deleted in Slack', async () => {
    slack.answerNext('chat.update', { error: 'message_not_found' });
    slack.answerNext('chat.postMessage', { error: 'thread_not_found' });
    expect(await sender().send(change(`${slack.channel}:1700000000.000001`), RUNNING)).toMatchObject({ outcome: 'sent' });
    expect(slack.messages).toEqual([expect.objectContaining({ threadTs: null })]);
  });

  it('threads under no message of another channel', async () => {
    await sender().send(change('C0OTHER:1700000000.000001'), RUNNING);
    expect(slack.calls.map(({ method }) => method)).toEqual(['chat.postMessage']);
    expect(slack.messages[0]?.threadTs).toBeNull();
  });

  const table: readonly (readonly [SlackApiAnswer, object])[] = [
    [
      { status: 429, retryAfter: '30' },
      { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: 30 },
    ],
    [{ status: 429 }, { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: 1 }],
    ['hang', { outcome: 'unknown', reason: 'slack-timeout' }],
    ['drop', { outcome: 'unknown', reason: 'slack-und_err_socket' }],
    [{ status: 503 }, { outcome: 'unknown', reason: 'slack-http-503' }],
    [
      { status: 302, location: 'http://127.0.0.1:9/' },
      { outcome: 'give-up', reason: 'slack-http-302' },
    ],
    [{ error: 'internal_error' }, { outcome: 'unknown', reason: 'slack-internal_error' }],
    [{ error: 'service_unavailable' }, { outcome: 'retry', reason: 'slack-service_unavailable', retryAfterSeconds: null }],
    [{ error: 'is_archived' }, { outcome: 'give-up', reason: 'slack-is_archived' }],
  ];
  it.each(table)('answered %j comes out as %j: a wrong reading loses a message or sends it twice', async (answer, outcome) => {
    slack.answerNext('chat.postMessage', answer);
    expect(await sender().send(opening, RUNNING)).toEqual(outcome);
    expect(slack.calls).toHaveLength(1);
  });

  it('leaves nothing in doubt while only the edit was tried', async () => {
    const earlier = await providerOf();
    slack.answerNext('chat.update', 'hang', { status: 429, retryAfter: '7' });
    expect(await sender().send(change(earlier), RUNNING)).toEqual({ outcome: 'retry', reason: 'slack-timeout', retryAfterSeconds: null });
    expect(await sender().send(change(earlier), RUNNING)).toEqual({ outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: 7 });
    expect(slack.messages).toHaveLength(1);
  });

  it('gives up on a token that is no good, and never says which it was', async () => {
    const outcome = await sender(true, 'xoxb-planted-secret').send(opening, RUNNING);
    expect(outcome).toEqual({ outcome: 'give-up', reason: 'slack-invalid_auth' });
  });

  it('finds what arrived though nobody said so, in the channel and in a thread', async () => {
    slack.answerNext('chat.postMessage', 'drop');
    await sender().send(opening, RUNNING);
    const [root] = slack.messages;
    const earlier = `${slack.channel}:${String(root?.ts)}`;
    expect(await sender().reconcile?.(opening, RUNNING)).toEqual({ found: 'arrived', providerId: earlier });
    slack.answerNext('chat.postMessage', 'hang');
    expect(await sender().send(change(earlier), RUNNING)).toMatchObject({ outcome: 'unknown' });
    const providerId = `${slack.channel}:${String(slack.messages[1]?.ts)}`;
    expect(await sender().reconcile?.(change(earlier), RUNNING)).toEqual({ found: 'arrived', providerId });
  });

  it('knows that a message was lost on its way, among many others', async () => {
    for (let index = 0; index < 230; index++) await sender().send(outgoing({ deliveryId: `other-${String(index)}` }), RUNNING);
    slack.answerNext('chat.postMessage', 'lose');
    expect(await sender().send(opening, RUNNING)).toMatchObject({ outcome: 'unknown' });
    expect(await sender().reconcile?.(opening, RUNNING)).toEqual({ found: 'not-arrived' });
    // Beyond the first page.
    expect(await sender().reconcile?.(outgoing({ deliveryId: 'other-3' }), RUNNING)).toMatchObject({ found: 'arrived' });
  });

  it('says so when Slack cannot be asked', async () => {
    slack.answerNext('conversations.history', { status: 429, retryAfter: '20' }, 'hang', { error: 'missing_scope' });
    const found = [await sender().reconcile?.(opening, RUNNING), await sender().reconcile?.(opening, RUNNING)];
    expect(found).toEqual([
      { found: 'unknown', reason: 'slack-http-429', retryAfterSeconds: 20 },
      { found: 'unknown', reason: 'slack-timeout', retryAfterSeconds: null },
    ]);
    expect(await sender().reconcile?.(opening, RUNNING)).toMatchObject({ found: 'unknown', reason: 'slack-missing_scope' });
  });
});
