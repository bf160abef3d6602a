import type { AlertLabels, AlertSeverity, MeasuredEvaluation, NotificationPolicy } from '@app/credit-domain';
import { movementOf, Ratio, reasonByThresholds, TOLD_AT_ONCE } from '@app/credit-domain';
import { steppableClock, type SteppableClock } from '@app/testing';
import { AcknowledgeAlert } from '../acknowledge-alert/acknowledge-alert.command';
import { TENANT, TestAlerting } from '../alerting.fixture';
import type { DecidingRule } from '../evaluate-rules/rule-decisions';
import { clearEpisodes, rebuildEpisodes } from '../episodes/rebuild-episodes';
import { SetNotificationPolicy } from '../notification-policy/notification-policy.messages';
import { CreateSilence, EndSilence } from '../silences/silences.commands';

const SLACK = 'https://hooks.slack.example/services/T/B/x';
const ENTER = Ratio.parse('0.10');
const EXIT = Ratio.parse('0.08');
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

function evaluation(asOf: string, labels: AlertLabels, change: string, inputs: MeasuredEvaluation['inputs'] = {}): MeasuredEvaluation {
  const size = Ratio.parse(change);
  return {
    labels,
    asOf,
    baseAsOf: '2024-01-31',
    reason: reasonByThresholds(size.absolute(), ENTER, EXIT),
    movement: movementOf(Ratio.ZERO, size),
    subject: 'Share',
    cause: `It moved by ${change}`,
    inputs,
    bridges: [],
    part: null,
  };
}

describe('telling alerts, on real PostgreSQL with a clock that steps', () => {
  let alerting: TestAlerting;
  let clock: SteppableClock;
  let channel: string;

  beforeEach(async () => {
    clock = steppableClock(new Date('2024-03-04T10:00:00Z'));
    alerting = await TestAlerting.open(undefined, clock);
    channel = await alerting.slackChannel(SLACK);
  }, 120_000);
  afterEach(() => alerting.stop());

  const rule = (type: string, severity: AlertSeverity = 'warning', rest: Partial<DecidingRule> = {}): DecidingRule => ({
    id: `rule of ${type}`,
    version: 1,
    name: type,
    severity,
    channels: [channel],
    definition: { type, enter: '0.10' },
    ...rest,
  });
  const decide = (of: DecidingRule, ...evaluations: MeasuredEvaluation[]): Promise<unknown> =>
    alerting.decide((tx, plan, decisions, context) => decisions.decide(tx, plan, context, of, evaluations));
  const told = async (): Promise<string[]> => (await alerting.recorded('delivery')).map(({ data }) => data['reason'] as string);
  const messages = async (): Promise<{ title: string; text: string; members: { text: string }[] }[]> =>
    (await alerting.recorded('delivery')).map(({ data }) => data['message'] as never);
  const reasons = async (): Promise<string[]> =>
    (await alerting.recorded('alert-group')).map(({ data }) => `${data['decision'] as string} ${data['reason'] as string}`);
  const alertId = async (index = 0): Promise<string> =>
    (await alerting.recorded('alert')).filter(({ type }) => type === 'AlertFired')[index]?.key ?? '';
  const setPolicy = (policy: Partial<NotificationPolicy>): Promise<unknown> =>
    alerting.commands.execute(new SetNotificationPolicy(alerting.context(), { ...TOLD_AT_ONCE, ...policy }, undefined));
  const step = async (milliseconds: number): Promise<void> => {
    clock.addMs(milliseconds);
    await alerting.notifyDue();
  };
  const later = (hours: number): string => new Date(clock.now().getTime() + hours * HOUR_MS).toISOString();

  it('tells all segments of a rule on a close in one message, and a later worse one in its thread', async () => {
    const of = rule('ageing-share-shift');
    await decide(of, ...['A', 'B', 'C'].map((segment) => evaluation('2024-02-29', { segment }, '0.12')));
    expect(await told()).toEqual(['fired']);
    expect((await messages())[0]?.members).toHaveLength(2);
    await decide(
      of,
      evaluation('2024-02-29', { segment: 'A' }, '0.12'),
      evaluation('2024-02-29', { segment: 'B' }, '0.19'),
      evaluation('2024-02-29', { segment: 'C' }, '0.12'),
    );
    const [first, second] = await alerting.recorded('delivery');
    expect(second?.data).toMatchObject({ reason: 'worsened', inReplyTo: first?.key, threadOf: first?.key, groupState: 'firing' });
    expect(await reasons()).toEqual(['notify first-notification', 'notify grew-worse']);
  });

  it('joins a coverage shift by mix to the ageing shift that explains it, and not one by rates', async () => {
    const mix = evaluation('2024-02-29', {}, '0.1273', { mixEffect: '0.0993', rateEffect: '0.0280' });
    const rates = evaluation('2024-02-29', { kinds: 'trade' }, '0.1273', { mixEffect: '0.0280', rateEffect: '0.0993' });
    await alerting.decide(async (tx, plan, decisions, context) => {
      await decisions.decide(tx, plan, context, rule('ageing-share-shift'), [evaluation('2024-02-29', {}, '0.12')]);
      await decisions.decide(tx, plan, context, rule('coverage-shift'), [mix, rates]);
    });
    const fired = (await alerting.recorded('alert')).map(({ data }) => data['groupId']);
    expect(new Set(fired).size).toBe(2);
    expect(fired[0]).toBe(fired[1]);
    expect(await told()).toEqual(['fired', 'fired']);
  });

  it('lets the book alert carry its segments, and tells a segment once the book has recovered', async () => {
    const book = rule('loss-rate-shift', 'warning', { id: 'book' });
    const segments = rule('loss-rate-shift', 'warning', { id: 'segments' });
    await alerting.decide(async (tx, plan, decisions, context) => {
      await decisions.decide(tx, plan, context, segments, [evaluation('2024-02-29', { segment: 'A' }, '0.15')]);
      await decisions.decide(tx, plan, context, book, [evaluation('2024-02-29', {}, '0.12')]);
    });
    expect(await told()).toEqual(['fired']);
    expect((await messages())[0]).toMatchObject({ text: 'It moved by 0.12.', members: [{ text: 'It moved by 0.15.' }] });
    expect(await reasons()).toContain('suppress carried-by-book-alert');
    await decide(book, evaluation('2024-03-31', {}, '0.01'));
    expect((await told()).sort()).toEqual(['fired', 'fired', 'resolved']);
  });

  it('mutes shifts while a feed is stale, and tells those that stand when it is back', async () => {
    const feed = rule('stale-feed', 'critical', { definition: { type: 'stale-feed', enter: '0.10' } });
    await decide(feed, evaluation('2024-03-04', { feed: 'movements' }, '0.20'));
    await decide(rule('coverage-shift'), evaluation('2024-02-29', {}, '0.12'));
    expect(await told()).toEqual(['fired']);
    expect(await reasons()).toEqual(['notify first-notification', 'suppress feed-is-stale']);
    await decide(feed, evaluation('2024-03-05', { feed: 'movements' }, '0.00'));
    expect((await told()).sort()).toEqual(['fired', 'fired', 'resolved']);
  });

  it('never tells what fired and was over while it was held', async () => {
    await setPolicy({ hours: { days: [1, 2, 3, 4, 5], from: '11:00', to: '18:00' } });
    const of = rule('coverage-shift');
    await decide(of, evaluation('2024-02-29', {}, '0.12'));
    expect(await reasons()).toEqual(['hold outside-business-hours']);
    await decide(of, evaluation('2024-03-31', {}, '0.01'));
    await step(3 * HOUR_MS);
    expect(await told()).toEqual([]);
    expect(await reasons()).toEqual(['hold outside-business-hours', 'suppress over-before-told']);
  });

  it('holds what is below critical until the office opens, and lets a critical one pass', async () => {
    await setPolicy({ timeZone: 'Asia/Shanghai', hours: { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:30' } });
    await decide(rule('coverage-shift'), evaluation('2024-02-29', {}, '0.12'));
    await decide(rule('allowance-jump', 'critical'), evaluation('2024-02-29', {}, '0.12'));
    expect(await messages()).toMatchObject([{ title: 'Critical: allowance-jump' }]);
    const [held] = await alerting.recorded('alert-group');
    // 10:00 UTC on Monday is 18:00 in Shanghai: Tuesday 09:00 there.
    expect(held?.data).toMatchObject({ decision: 'hold', until: '2024-03-05T01:00:00.000Z' });
    await step(14 * HOUR_MS);
    expect(await told()).toEqual(['fired']);
    await step(HOUR_MS);
    expect(await told()).toEqual(['fired', 'fired']);
  });

  it('sends the day below critical as one digest a channel, once', async () => {
    await setPolicy({ digestAt: '08:00' });
    await decide(rule('coverage-shift'), evaluation('2024-02-29', {}, '0.12'));
    await decide(rule('allowance-jump'), evaluation('2024-02-29', {}, '0.13'));
    await decide(rule('concentration', 'critical'), evaluation('2024-02-29', {}, '0.13'));
    expect(await told()).toEqual(['fired']);
    await step(21 * HOUR_MS + 59 * MINUTE_MS);
    expect(await told()).toEqual(['fired']);
    await step(2 * MINUTE_MS);
    await alerting.notifyDue();
    expect(await told()).toEqual(['fired', 'digest']);
    expect((await messages())[1]?.members).toHaveLength(2);
    await step(48 * HOUR_MS);
    expect(await told()).toEqual(['fired', 'digest']);
  });

  it('repeats what still fires, unless somebody has it, and tells it again when that lapses', async () => {
    await setPolicy({ repeatHours: 24 });
    await decide(rule('coverage-shift'), evaluation('2024-02-29', {}, '0.12'));
    await step(23 * HOUR_MS);
    expect(await told()).toEqual(['fired']);
    await step(HOUR_MS);
    expect(await told()).toEqual(['fired', 'repeat']);
    const by = { owner: null, expiresAt: later(60) };
    await alerting.commands.execute(new AcknowledgeAlert(alerting.context(), await alertId(), 'with the debtor', by));
    await step(25 * HOUR_MS);
    await step(25 * HOUR_MS);
    expect(await told()).toEqual(['fired', 'repeat']);
    expect(await reasons()).toContain('suppress acknowledged');
    await step(11 * HOUR_MS);
    expect(await told()).toEqual(['fired', 'repeat', 'ack-expired']);
    await alerting.notifyDue();
    expect(await told()).toEqual(['fired', 'repeat', 'ack-expired']);
  });

  it('tells an acknowledged alert again when it grows worse', async () => {
    const of = rule('coverage-shift');
    await decide(of, evaluation('2024-02-29', {}, '0.12'));
    await alerting.commands.execute(new AcknowledgeAlert(alerting.context(), await alertId(), null));
    await decide(of, evaluation('2024-03-31', {}, '0.18'));
    expect(await told()).toEqual(['fired', 'worsened']);
  });

  it('escalates once to the second channel when nobody acknowledges in time, and tells it the end', async () => {
    const second = await alerting.slackChannel(`${SLACK}/second`);
    await setPolicy({ escalation: { channels: [second], afterMinutes: 30 } });
    const of = rule('coverage-shift');
    await decide(of, evaluation('2024-02-29', {}, '0.12'));
    await step(29 * MINUTE_MS);
    expect(await told()).toEqual(['fired']);
    await step(MINUTE_MS);
    await step(60 * MINUTE_MS);
    expect(await told()).toEqual(['fired', 'escalated']);
    await decide(of, evaluation('2024-03-31', {}, '0.01'));
    const ends = (await alerting.recorded('delivery')).filter(({ data }) => data['reason'] === 'resolved');
    expect(ends.map(({ data }) => data['channelId']).sort()).toEqual([channel, second].sort());
  });

  it('does not escalate what somebody has acknowledged', async () => {
    const second = await alerting.slackChannel(`${SLACK}/second`);
    await setPolicy({ escalation: { channels: [second], afterMinutes: 30 } });
    await decide(rule('coverage-shift'), evaluation('2024-02-29', {}, '0.12'));
    await alerting.commands.execute(new AcknowledgeAlert(alerting.context(), await alertId(), null));
    await step(60 * MINUTE_MS);
    expect(await told()).toEqual(['fired']);
    expect(await reasons()).toEqual(['notify first-notification', 'suppress acknowledged']);
  });

  describe('silences', () => {
    const silence = (label: string, value: string, hours = 24): Promise<{ id: string }> =>
      alerting.commands.execute(
        new CreateSilence(alerting.context(), {
          matchers: [{ label, operator: '=', value }],
          startsAt: null,
          endsAt: later(hours),
          reason: 'migration of the ledger',
        }),
      );

    it('keep matching alerts quiet until they end, and then tell what still fires', async () => {
      await silence('segment', 'A');
      await decide(
        rule('coverage-shift'),
        evaluation('2024-02-29', { segment: 'A' }, '0.12'),
        evaluation('2024-02-29', { segment: 'B' }, '0.12'),
      );
      expect(await told()).toEqual(['fired']);
      const [decided] = await alerting.recorded('alert-group');
      expect(decided?.data['except']).toMatchObject([{ reason: 'silenced' }]);
      await step(25 * HOUR_MS);
      expect(await told()).toEqual(['fired', 'changed']);
    });

    it('end by hand, early, and what waited is told at once', async () => {
      const { id } = await silence('ruleType', 'coverage-shift');
      await decide(rule('coverage-shift'), evaluation('2024-02-29', {}, '0.12'));
      expect(await told()).toEqual([]);
      await alerting.commands.execute(new EndSilence(alerting.context(), id));
      expect(await told()).toEqual(['fired']);
    });

    it('end by themselves when the alert grows worse', async () => {
      const of = rule('coverage-shift');
      await decide(of, evaluation('2024-02-29', {}, '0.12'));
      await silence('alertId', await alertId());
      await decide(of, evaluation('2024-03-31', {}, '0.18'));
      expect(await told()).toEqual(['fired', 'worsened']);
      expect((await alerting.recorded('silence')).map(({ type, data }) => `${type} ${data['reason'] as string}`)).toEqual([
        'SilenceCreated migration of the ledger',
        'SilenceEnded worsened',
      ]);
    });

    it('end by themselves when what they were about is over, so that the next alert is heard', async () => {
      const of = rule('coverage-shift');
      await decide(of, evaluation('2024-02-29', {}, '0.12'));
      await silence('ruleType', 'coverage-shift', 24 * 30);
      await decide(of, evaluation('2024-03-31', {}, '0.01'));
      await decide(of, evaluation('2024-04-30', {}, '0.12'));
      expect(await told()).toEqual(['fired', 'resolved', 'fired']);
    });

    it.each([
      ['an end in the past', 'segment', 'A', -1, 'silence-period-invalid'],
      ['more than thirty days', 'segment', 'A', 24 * 30 + 1, 'silence-period-invalid'],
      ['a broken chain', 'ruleType', 'broken-chain', 24, 'alert-not-silenceable'],
      ['an alert that is not there', 'alertId', 'nothing', 24, 'alert-not-found'],
    ])('refuse %s', async (_what, label, value, hours, code) => {
      await expect(silence(label, value, hours)).rejects.toMatchObject({ code });
    });

    it('never cover an alert about the integrity of the book', async () => {
      await silence('severity', 'critical');
      await decide(rule('broken-chain', 'critical'), evaluation('2024-02-29', {}, '1.00'));
      expect(await told()).toEqual(['fired']);
    });
  });

  it('gives an alert whose bucket has emptied its named end, and one without figures none', async () => {
    const of = rule('loss-rate-shift');
    await decide(of, evaluation('2024-02-29', { bucket: 'A' }, '0.12'), evaluation('2024-02-29', { bucket: 'B' }, '0.12'));
    await alerting.decide((tx, plan, decisions, context) =>
      decisions.decide(tx, plan, context, of, [{ labels: {}, asOf: '2024-03-31', baseAsOf: null, reason: 'no-provision' }]),
    );
    expect((await alerting.recorded('alert')).map(({ type }) => type)).toEqual(['AlertFired', 'AlertFired']);
    await decide(of, evaluation('2024-04-30', { bucket: 'A' }, '0.12'));
    const ended = (await alerting.recorded('alert')).filter(({ type }) => type === 'AlertResolved');
    expect(ended.map(({ data }) => data['reason'])).toEqual(['nothing-left']);
  });

  it('tells figures that cannot be had as an alert of their own where the rule asks for it, and its end', async () => {
    const of = rule('coverage-shift', 'warning', { noData: 'alert' });
    await alerting.decide((tx, plan, decisions, context) =>
      decisions.decide(tx, plan, context, of, [{ labels: {}, asOf: '2024-02-29', baseAsOf: null, reason: 'no-provision' }]),
    );
    expect((await messages())[0]?.text).toBe('The rule could not be measured at 2024-02-29: no provision.');
    await decide(of, evaluation('2024-03-31', {}, '0.01'));
    expect((await alerting.recorded('alert')).at(-1)?.data['reason']).toBe('cleared');
    expect(await told()).toEqual(['fired', 'resolved']);
  });

  it('stands after a rebuild as it stood before, and a rebuild tells nobody anything', async () => {
    await setPolicy({ repeatHours: 24, hours: { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' } });
    const of = rule('coverage-shift', 'warning', { forPeriods: 2, recoverPeriods: 2 });
    await decide(of, evaluation('2024-01-31', { segment: 'A' }, '0.12'), evaluation('2024-01-31', { segment: 'B' }, '0.12'));
    await decide(of, evaluation('2024-02-29', { segment: 'A' }, '0.12'), evaluation('2024-02-29', { segment: 'B' }, '0.01'));
    await alerting.commands.execute(new AcknowledgeAlert(alerting.context(), await alertId(), null));
    clock.addMs(10 * HOUR_MS);
    await decide(of, evaluation('2024-03-31', { segment: 'A' }, '0.18'), evaluation('2024-03-31', { segment: 'B' }, '0.12'));
    const rows = async (): Promise<unknown> => [
      await alerting.owner('SELECT alert_id, is_latest, is_open, group_id, data FROM al.episode ORDER BY 1'),
      await alerting.owner('SELECT group_id, data FROM al.alert_group ORDER BY 1'),
    ];
    const before = await rows();
    const toldBefore = await told();
    await alerting.resources.database.transaction(TENANT, (tx) => rebuildEpisodes(tx, alerting.log.store, TENANT));
    expect(await rows()).toEqual(before);
    await alerting.notifyDue();
    expect(await told()).toEqual(toldBefore);
    await alerting.resources.database.transaction(TENANT, (tx) => clearEpisodes(tx, TENANT));
    await step(14 * HOUR_MS);
    expect(await told()).toEqual([...toldBefore, 'worsened']);
  });

  it('tells a close that fires ten thousand segment alerts in one message a channel, within seconds', async () => {
    const second = await alerting.slackChannel(`${SLACK}/second`);
    const of = rule('coverage-shift', 'critical', { channels: [channel, second] });
    const close = (asOf: string, change: string): MeasuredEvaluation[] =>
      Array.from({ length: 10_000 }, (_, index) => evaluation(asOf, { segment: `S${String(index)}` }, change));
    const timed = async (asOf: string, change: string): Promise<number> => {
      const start = Date.now();
      await decide(of, ...close(asOf, change));
      return (Date.now() - start) / 1_000;
    };
    const fired = await timed('2024-02-29', '0.12');
    const standing = await timed('2024-03-31', '0.12');
    const resolved = await timed('2024-04-30', '0.01');
    process.stdout.write(
      `10,000 segment alerts: fired in ${String(fired)} s, stood in ${String(standing)} s, resolved in ${String(resolved)} s\n`,
    );
    expect(await told()).toEqual(['fired', 'fired', 'resolved', 'resolved']);
    const [message] = await messages();
    expect(message?.title).toBe('Critical: coverage-shift (and 9999 more)');
    expect(message?.members.length).toBeLessThanOrEqual(20);
    expect(Math.max(fired, standing, resolved)).toBeLessThan(60);
  }, 240_000);
});
