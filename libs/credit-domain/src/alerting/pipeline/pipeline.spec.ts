import { nextOpening } from './business-hours';
import { groupKey, groupOfMix } from './grouping';
import { canInhibit, inhibitions, type InhibitingAlert } from './inhibition';
import { TOLD_AT_ONCE, type NotificationPolicy } from './notification-policy';
import { decideChannel, nextLook, type ChannelView, type MemberView, type PipelineInput } from './pipeline';
import { silenceMatches, silenceOf, type SilencedAlert } from './silence';

const HOUR = 3_600_000;
const NOW = Date.parse('2024-03-04T10:00:00Z');
const member = (rest: Partial<MemberView> = {}): MemberView => ({
  alertId: 'a',
  severity: 'warning',
  isOpen: true,
  news: null,
  isTold: true,
  isNamed: true,
  firstToldAt: NOW - 2 * HOUR,
  muted: null,
  acknowledgedUntil: null,
  ...rest,
});
const fresh = member({ news: 'fired', isTold: false, firstToldAt: null });
/** Told to the first channel, and not to the one it is escalated to. */
const elsewhere = (rest: Partial<MemberView> = {}): MemberView => member({ isTold: false, isNamed: false, ...rest });
const told: ChannelView = { isEscalation: false, lastToldAt: NOW - 2 * HOUR, hold: null };
const untold: ChannelView = { ...told, lastToldAt: null };
const escalation: ChannelView = { ...untold, isEscalation: true };
const input = (members: readonly MemberView[], channel: ChannelView, policy: Partial<NotificationPolicy> = {}): PipelineInput => ({
  now: NOW,
  timeZone: 'UTC',
  policy: { ...TOLD_AT_ONCE, ...policy },
  members,
  channel,
});
const silenced = { reason: 'silenced', until: NOW + HOUR } as const;
const carried = { reason: 'carried-by-book-alert', until: null } as const;
const LATE: Partial<NotificationPolicy> = { hours: { days: [1, 2, 3, 4, 5], from: '11:00', to: '18:00' } };
const ESCALATE: Partial<NotificationPolicy> = { escalation: { channels: ['x'], afterMinutes: 120 } };

describe('what a channel is told, by the order of the pipeline', () => {
  const table: readonly (readonly [what: string, input: PipelineInput, answer: string | null])[] = [
    ['nothing without news', input([member()], told), null],
    ['the first message of a group', input([fresh], untold), 'notify fired first-notification'],
    ['others that join it', input([member(), fresh], told), 'notify changed new-alerts'],
    ['a group that fires anew after its end', input([fresh], told), 'notify fired first-notification'],
    ['a worse figure before others that join', input([member({ news: 'worsened' }), fresh], told), 'notify worsened grew-worse'],
    ['the end of all', input([member({ news: 'resolved', isOpen: false })], told), 'notify resolved all-resolved'],
    ['the end of some', input([member(), member({ news: 'resolved', isOpen: false })], told), 'notify resolved some-resolved'],
    ['nothing of a segment the book carries', input([{ ...fresh, muted: carried }], untold), 'suppress carried-by-book-alert'],
    ['nothing while a silence lasts', input([{ ...fresh, muted: silenced }], untold), 'suppress silenced'],
    ['a worse figure in spite of a silence', input([member({ news: 'worsened', muted: silenced })], told), 'notify worsened grew-worse'],
    [
      'no worse segment while the book carries it',
      input([member({ news: 'worsened', muted: carried })], told),
      'suppress carried-by-book-alert',
    ],
    [
      'an end where the beginning was told, silence or not',
      input([member({ news: 'resolved', isOpen: false, muted: silenced })], told),
      'notify resolved all-resolved',
    ],
    ['no repeat unless it is asked for', input([member()], told), null],
    ['a repeat when it is due', input([member()], told, { repeatHours: 2 }), 'notify repeat repeat-due'],
    ['no repeat before it is due', input([member()], told, { repeatHours: 3 }), null],
    ['no repeat of what is silenced', input([member({ muted: silenced })], told, { repeatHours: 2 }), null],
    [
      'no repeat while somebody has it',
      input([member({ acknowledgedUntil: NOW + HOUR })], told, { repeatHours: 2 }),
      'suppress acknowledged',
    ],
    [
      'what was acknowledged, once that expires',
      input([member({ acknowledgedUntil: NOW })], told),
      'notify ack-expired acknowledgement-expired',
    ],
    ['new alerts of an acknowledged group', input([member({ acknowledgedUntil: NOW + HOUR }), fresh], told), 'notify changed new-alerts'],
    ['the second channel when its time has come', input([elsewhere()], escalation, ESCALATE), 'notify escalated not-acknowledged-in-time'],
    ['no second channel before', input([elsewhere()], escalation, { escalation: { channels: ['x'], afterMinutes: 121 } }), null],
    [
      'no second channel while somebody has it',
      input([elsewhere({ acknowledgedUntil: NOW + HOUR })], escalation, ESCALATE),
      'suppress acknowledged',
    ],
    [
      'the second channel of an alert nobody has, though somebody has another of its group',
      input([elsewhere({ acknowledgedUntil: NOW + HOUR }), elsewhere({ alertId: 'b' })], escalation, ESCALATE),
      'notify escalated not-acknowledged-in-time',
    ],
    [
      'a later alert of the group to the second channel, when its own time has come',
      input([member({ isNamed: false }), elsewhere({ alertId: 'b' })], { ...told, isEscalation: true }, ESCALATE),
      'notify escalated not-acknowledged-in-time',
    ],
    ['no second channel of what nobody has been told yet', input([elsewhere({ firstToldAt: null })], escalation, ESCALATE), null],
    [
      'a repeat of what nobody has, though somebody has another of its group',
      input([member({ acknowledgedUntil: NOW + HOUR }), member({ alertId: 'b' })], told, { repeatHours: 2 }),
      'notify repeat repeat-due',
    ],
    [
      'a critical one at any hour, though one below it that grew worse leads the message',
      input([member({ news: 'worsened' }), { ...fresh, alertId: 'b', severity: 'critical' }], told, LATE),
      'notify worsened grew-worse',
    ],
    ['nothing below critical out of hours', input([fresh], untold, LATE), 'hold outside-business-hours'],
    ['a critical one at any hour', input([{ ...fresh, severity: 'critical' }], untold, LATE), 'notify fired first-notification'],
    ['one below critical in the digest', input([fresh], untold, { digestAt: '08:00' }), 'hold waiting-for-digest'],
    [
      'a critical one without waiting for it',
      input([{ ...fresh, severity: 'critical' }], untold, { digestAt: '08:00' }),
      'notify fired first-notification',
    ],
    [
      'the digest when it is due, whatever the hours',
      input([fresh], { ...untold, hold: { reason: 'waiting-for-digest', until: NOW } }, { ...LATE, digestAt: '10:00' }),
      'notify digest digest-due',
    ],
    [
      'no digest before it is due, though others join',
      input([fresh, fresh], { ...untold, hold: { reason: 'waiting-for-digest', until: NOW + 1 } }, { digestAt: '10:01' }),
      'hold waiting-for-digest',
    ],
    [
      'an escalation without waiting for the digest',
      input([elsewhere()], escalation, { ...ESCALATE, digestAt: '08:00' }),
      'notify escalated not-acknowledged-in-time',
    ],
  ];
  it.each(table)('%s', (_what, given, answer) => {
    const decision = decideChannel(given);
    const text =
      decision?.decision === 'notify'
        ? `notify ${decision.notify} ${decision.reason}`
        : decision === null
          ? null
          : `${decision.decision} ${decision.reason}`;
    expect(text).toBe(answer);
  });

  it('names the members it keeps quiet among those it tells', () => {
    const decision = decideChannel(input([fresh, { ...fresh, alertId: 'b', muted: silenced }], untold));
    expect(decision).toMatchObject({ about: ['a'], except: [{ alertId: 'b', reason: 'silenced' }] });
  });

  it('never comes to a time to look that has passed, once its decision is written down', () => {
    const policies: Partial<NotificationPolicy>[] = [{}, LATE, { digestAt: '08:00' }, { repeatHours: 2 }, { repeatHours: 48 }, ESCALATE];
    const members = [
      member(),
      fresh,
      member({ acknowledgedUntil: NOW + HOUR }),
      { ...fresh, muted: silenced },
      member({ muted: silenced }),
      elsewhere(),
      elsewhere({ acknowledgedUntil: NOW + HOUR }),
      member({ acknowledgedUntil: NOW - 1 }),
    ];
    for (const policy of policies) {
      for (const one of members) {
        for (const channel of [told, untold, escalation]) {
          const given = input([one], channel, policy);
          const decision = decideChannel(given);
          const isTold = decision?.decision === 'notify';
          const hold = decision === null || isTold ? null : { reason: decision.reason, until: decision.until };
          const after = input(
            [isTold ? { ...one, news: null, isTold: true } : one],
            isTold ? { ...told, isEscalation: channel.isEscalation, lastToldAt: NOW } : { ...channel, hold },
            policy,
          );
          const next = nextLook(after);
          expect(next === null || next > NOW).toBe(true);
        }
      }
    }
  });
});

describe('business hours', () => {
  const hours = { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' };
  const table: readonly (readonly [what: string, now: string, zone: string, opening: string])[] = [
    ['within the hours: now', '2024-03-04T10:00', 'UTC', '2024-03-04T10:00'],
    ['at the opening: now', '2024-03-04T08:00', 'UTC', '2024-03-04T08:00'],
    ['at closing: the next day', '2024-03-04T18:00', 'UTC', '2024-03-05T08:00'],
    ['before opening: the same day', '2024-03-04T07:59', 'UTC', '2024-03-04T08:00'],
    ['Friday evening: Monday', '2024-03-08T19:00', 'UTC', '2024-03-11T08:00'],
    ['Sunday before the clocks went forward: Monday by the new time', '2024-03-30T12:00', 'Europe/Berlin', '2024-04-01T06:00'],
    ['Sunday before the clocks went back: Monday by the new time', '2024-10-26T12:00', 'Europe/Berlin', '2024-10-28T07:00'],
    ['a day ahead of UTC', '2024-03-04T23:30', 'Asia/Shanghai', '2024-03-05T00:00'],
    ['a day behind UTC', '2024-03-05T01:00', 'America/New_York', '2024-03-05T13:00'],
  ];
  it.each(table)('%s', (_what, now, zone, opening) => {
    expect(new Date(nextOpening(Date.parse(`${now}Z`), hours, zone)).toISOString().slice(0, 16)).toBe(opening);
  });
});

describe('inhibition', () => {
  const alert = (ruleType: string, labels: Readonly<Record<string, string>> = {}, alertId = 'target'): InhibitingAlert => ({
    alertId,
    ruleType,
    labels,
  });
  const table: readonly (readonly [what: string, firing: InhibitingAlert, target: InhibitingAlert, reason: string | null])[] = [
    ['a stale feed mutes a shift', alert('stale-feed', {}, 'f'), alert('coverage-shift'), 'feed-is-stale'],
    ['a failed recompute mutes a shift', alert('failed-job', { job: 'recompute' }, 'f'), alert('concentration'), 'recompute-failed'],
    ['a job beside the figures mutes nothing', alert('failed-job', { job: 'deliver' }, 'f'), alert('concentration'), null],
    ['a stale feed mutes no debtor', alert('stale-feed', {}, 'f'), alert('overdue-debtor'), null],
    ['a stale feed mutes no broken chain', alert('stale-feed', {}, 'f'), alert('broken-chain'), null],
    ['the book carries its segment', alert('coverage-shift', {}, 'b'), alert('coverage-shift', { segment: 'A' }), 'carried-by-book-alert'],
    ['a segment carries no other', alert('coverage-shift', { segment: 'B' }, 'b'), alert('coverage-shift', { segment: 'A' }), null],
    ['one measure carries no other', alert('coverage-shift', {}, 'b'), alert('loss-rate-shift', { segment: 'A' }), null],
    [
      'a bucket of the book carries that bucket of a segment',
      alert('loss-rate-shift', { bucket: 'x' }, 'b'),
      alert('loss-rate-shift', { bucket: 'x', segment: 'A' }),
      'carried-by-book-alert',
    ],
    ['and no other bucket', alert('loss-rate-shift', { bucket: 'y' }, 'b'), alert('loss-rate-shift', { bucket: 'x', segment: 'A' }), null],
    [
      'a book of some kinds carries a segment of one of them',
      alert('coverage-shift', { kinds: 'other,trade' }, 'b'),
      alert('coverage-shift', { kinds: 'trade', segment: 'A' }),
      'carried-by-book-alert',
    ],
    [
      'and none of other kinds',
      alert('coverage-shift', { kinds: 'other' }, 'b'),
      alert('coverage-shift', { kinds: 'trade', segment: 'A' }),
      null,
    ],
    ['nothing carries itself', alert('coverage-shift'), alert('coverage-shift'), null],
  ];
  it.each(table)('%s', (_what, firing, target, reason) => {
    expect(inhibitions([firing])(target)?.reason ?? null).toBe(reason);
    if (reason !== null) expect(canInhibit(firing)).toBe(true);
  });
});

describe('silences', () => {
  const alert: SilencedAlert = { alertId: 'a', ruleId: 'r', ruleType: 'coverage-shift', severity: 'warning', labels: { segment: 'A' } };
  const matcher = (label: string, value: string, operator: '=' | '!=' = '='): { label: string; operator: '=' | '!='; value: string } => ({
    label,
    operator,
    value,
  });
  const table: readonly (readonly [what: string, matchers: readonly ReturnType<typeof matcher>[], isQuiet: boolean])[] = [
    ['a label', [matcher('segment', 'A')], true],
    ['another value of it', [matcher('segment', 'B')], false],
    ['a field of the alert', [matcher('ruleType', 'coverage-shift')], true],
    ['a label it does not have', [matcher('bucket', 'A')], false],
    ['anything but a value', [matcher('segment', 'B', '!=')], true],
    ['all of several', [matcher('segment', 'A'), matcher('severity', 'critical')], false],
    ['nothing by no matcher', [], false],
  ];
  it.each(table)('match %s', (_what, matchers, isQuiet) => {
    expect(silenceMatches({ matchers }, alert)).toBe(isQuiet);
  });

  it('match no alert about the integrity of the book', () => {
    expect(
      silenceMatches({ matchers: [matcher('severity', 'critical')] }, { ...alert, ruleType: 'broken-chain', severity: 'critical' }),
    ).toBe(false);
  });

  it('hold from their start to before their end, the longest first', () => {
    const silence = (silenceId: string, startsAt: number, endsAt: number): Parameters<typeof silenceOf>[1][number] => ({
      silenceId,
      matchers: [matcher('segment', 'A')],
      startsAt,
      endsAt,
    });
    const all = [silence('short', 10, 20), silence('long', 15, 30)];
    expect([9, 10, 15, 20, 29, 30].map((now) => silenceOf(alert, all, now)?.silenceId ?? null)).toEqual([
      null,
      'short',
      'long',
      'long',
      'long',
      null,
    ]);
  });
});

describe('grouping', () => {
  const shift = {
    ruleId: 'r',
    ruleVersion: 1,
    ruleType: 'coverage-shift',
    labels: {},
    asOf: '2024-12-31',
    inputs: { mixEffect: '0.0993', rateEffect: '0.0280' },
  };
  const mix = { groupId: 'g', ruleType: 'ageing-share-shift', labels: {}, asOf: '2024-12-31' };

  it('puts the alerts of a rule and a period together, and no others', () => {
    expect(groupKey(shift)).toBe(groupKey({ ...shift }));
    for (const other of [{ ruleId: 'q' }, { asOf: '2024-11-30' }, { ruleVersion: 2 }])
      expect(groupKey({ ...shift, ...other })).not.toBe(groupKey(shift));
  });

  const table: readonly (readonly [what: string, alert: typeof shift, open: typeof mix, group: string | null])[] = [
    ['the mix moved coverage', shift, mix, 'g'],
    ['the rates moved it', { ...shift, inputs: { mixEffect: '0.01', rateEffect: '-0.02' } }, mix, null],
    ['the mix shifted at another date', shift, { ...mix, asOf: '2024-11-30' }, null],
    ['the mix of another segment', { ...shift, labels: { segment: 'A' } }, { ...mix, labels: { segment: 'B' } }, null],
    ['another shift is open', shift, { ...mix, ruleType: 'allowance-jump' }, null],
    ['it is no shift of coverage', { ...shift, ruleType: 'allowance-jump' }, mix, null],
  ];
  it.each(table)('joins the mix or not: %s', (_what, alert, open, group) => {
    expect(groupOfMix(alert, [open])).toBe(group);
  });
});
