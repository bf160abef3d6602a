import type { Ratio } from '../values/ratio';
import type { ResolutionReason } from './alert.decider';
import type { AlertMessage, NotifyReason } from './alert-message';
import type { Figure, FigureBridge, MeasuredEvaluation } from './evaluation';
import { printedBridge } from './printed-bridge';
import type { AlertSeverity } from './rule-definition';
import { amountText, bareAmount, changeText, printedChange, signed, valueText } from './wording';

/** Why a figure is what it is, as a message carries it. */
export type Explanation = Pick<AlertMessage, 'bridges' | 'debtors' | 'view'>;

export const NOT_EXPLAINED: Explanation = { bridges: [], debtors: [], view: null };

/** A debtor of the part a figure speaks about; minor units. `before`: at the base, null where it is not known. */
export interface NamedDebtor {
  readonly debtorId: string;
  readonly amount: bigint;
  readonly before: bigint | null;
}

/** Prints what explains a figure. `view`: path and query, or null. */
export function explanationOf(
  {
    bridges,
    baseAsOf,
    currency,
  }: { readonly bridges: readonly FigureBridge[]; readonly baseAsOf: string | null; readonly currency: string },
  debtors: readonly NamedDebtor[],
  view: string | null,
): Explanation {
  const hasDecimals = debtors.some(({ amount, before }) =>
    [amount, amount - (before ?? 0n)].some((minor) => bareAmount(minor, currency).includes('.')),
  );
  const shownAs = hasDecimals ? 'all' : 'whole';
  const sinceBase = ({ amount, before }: NamedDebtor): string => {
    if (before === null || baseAsOf === null) return '';
    if (before === amount) return ` (unchanged since ${baseAsOf})`;
    return ` (${signed(amount - before, bareAmount(amount - before, currency, shownAs))} since ${baseAsOf})`;
  };
  return {
    bridges: bridges.map(printedBridge),
    debtors: debtors.map((debtor) => ({
      debtorId: debtor.debtorId,
      amount: `${currency} ${bareAmount(debtor.amount, currency, shownAs)}${sinceBase(debtor)}`,
    })),
    view,
  };
}

/** An alert as a message speaks of it: one that is decided now, or one read back from the log. */
export interface ToldAlert extends Pick<MeasuredEvaluation, 'subject' | 'cause' | 'movement' | 'asOf' | 'baseAsOf' | 'bridges'> {
  readonly alertId: string;
  /** Of its rule. */
  readonly name: string;
  readonly severity: AlertSeverity;
  /** Why it ended; null while it is open. */
  readonly resolved: ResolutionReason | null;
}

const TITLE_LENGTH_MAX = 140;
/** A message lists so many of the others, and says in its title how many there are. */
const MEMBERS_LISTED_MAX = 20;
/** So many of them bring the bridge of their own figure. */
const MEMBERS_BRIDGED_MAX = 8;

const SEVERITY_NAMES: Readonly<Record<AlertSeverity, string>> = { critical: 'Critical', warning: 'Warning', info: 'Notice' };

const RESOLUTION_TEXTS: Readonly<Record<ResolutionReason, string>> = {
  'below-exit': 'The figure is back below its exit threshold.',
  immaterial: 'The figure no longer matters in currency.',
  'nothing-left': 'There is nothing left of what it spoke about.',
  cleared: 'What it reported is over.',
  'rule-changed': 'Closed because its rule was changed, not because the figure moved back.',
  'rule-retired': 'Closed because its rule was retired, not because the figure moved back.',
};

/** What leads the text for each reason to tell; nothing for news that speaks for itself. */
const LEADS: Readonly<Partial<Record<NotifyReason, string>>> = {
  worsened: 'Worse than what was told before.',
  repeat: 'Still firing, and nobody has acknowledged it.',
  escalated: 'Nobody has acknowledged this in time.',
  'ack-expired': 'It was acknowledged, and that has expired while it still fires.',
  'channel-failed': 'This could not be told on the channel it was meant for.',
};

/**
 * What a group is told: its head in full, with what explains it, and the others by what happened to them, each with the bridge of its figure while
 * it is open. `members` are those others, open ones and resolved ones; a head that is resolved means that all of the group is over.
 */
export function toldMessage(
  reason: NotifyReason,
  head: ToldAlert,
  explanation: Explanation = NOT_EXPLAINED,
  members: readonly ToldAlert[] = [],
): AlertMessage {
  const lead = LEADS[reason];
  return {
    title: titleLine(`${titlePrefix(reason, head)}: ${head.name}${moreText(members.length)}`),
    text: [
      ...(lead === undefined ? [] : [lead]),
      ...(head.resolved === null ? [] : [RESOLUTION_TEXTS[head.resolved]]),
      `${head.cause}.`,
    ].join(' '),
    facts: factsOf(head),
    bridges: [...(explanation === NOT_EXPLAINED ? head.bridges.map(printedBridge) : explanation.bridges), ...memberBridges(members)],
    debtors: explanation.debtors,
    view: explanation.view,
    members: members.slice(0, MEMBERS_LISTED_MAX).map((member) => memberOf(member, head.name)),
  };
}

/** The day's alerts below critical in one message: no explanations, each has its own message to be asked for. */
export function digestMessage(day: string, alerts: readonly ToldAlert[]): AlertMessage {
  const open = alerts.filter(({ resolved }) => resolved === null).length;
  const listed = Math.min(alerts.length, MEMBERS_LISTED_MAX);
  return {
    title: titleLine(`Alerts of ${day}: ${String(open)} open, ${String(alerts.length - open)} resolved`),
    text:
      listed < alerts.length ? `The first ${String(listed)} of ${String(alerts.length)} are listed.` : 'What has not been told on its own.',
    facts: [],
    ...NOT_EXPLAINED,
    members: alerts.slice(0, MEMBERS_LISTED_MAX).map((alert) => memberOf(alert, null)),
  };
}

export function testMessage(channelName: string): AlertMessage {
  return {
    title: titleLine(`Test message from Arrears to ${channelName}`),
    text: 'Somebody asked for this test. Alerts that name this channel will arrive here.',
    facts: [],
    ...NOT_EXPLAINED,
    members: [],
  };
}

function titlePrefix(reason: NotifyReason, head: ToldAlert): string {
  if (head.resolved !== null) return 'Resolved';
  if (reason === 'worsened') return `${SEVERITY_NAMES[head.severity]}, worse`;
  if (reason === 'repeat') return `${SEVERITY_NAMES[head.severity]}, still firing`;
  if (reason === 'escalated' || reason === 'ack-expired') return `${SEVERITY_NAMES[head.severity]}, unattended`;
  return SEVERITY_NAMES[head.severity];
}

const moreText = (members: number): string => (members === 0 ? '' : ` (and ${String(members)} more)`);

function memberBridges(members: readonly ToldAlert[]): AlertMessage['bridges'] {
  return members
    .filter(({ resolved }) => resolved === null)
    .slice(0, MEMBERS_BRIDGED_MAX)
    .flatMap(({ bridges: [first] }) => (first === undefined ? [] : [printedBridge(first)]));
}

/** Named by its rule; those of the rule that the message is named after already, by what each is about. */
function memberOf(
  { alertId, name, subject, cause, severity, resolved }: ToldAlert,
  titledBy: string | null,
): AlertMessage['members'][number] {
  const state = resolved === null ? SEVERITY_NAMES[severity] : 'Resolved';
  return { alertId, title: titleLine(`${state}: ${name === titledBy ? subject : name}`), text: `${cause}.` };
}

function factsOf({
  subject,
  movement,
  asOf,
  baseAsOf,
  severity,
  bridges,
}: Omit<ToldAlert, 'alertId' | 'name' | 'cause' | 'resolved'>): AlertMessage['facts'] {
  return [
    { name: subject, value: figureText(movement, bridges) },
    ...(movement.change === null ? [] : [{ name: 'Change', value: shownChange(movement) }]),
    { name: 'As of', value: baseAsOf === null ? asOf : `${asOf}, compared with ${baseAsOf}` },
    { name: 'Severity', value: severity },
  ];
}

/** `35.10 % → 47.83 %`, or the figure alone where nothing is compared. */
function figureText({ unit, before, after }: Figure, bridges: ToldAlert['bridges']): string {
  const currency = unit === 'minor-units' ? bridges.find((bridge) => bridge.currency !== null)?.currency : undefined;
  const text = (value: Ratio): string => (typeof currency === 'string' ? amountText(value.toUnits(0), currency) : valueText(value, unit));
  return before === null ? text(after) : `${text(before)} → ${text(after)}`;
}

/** A change in points is the difference of the two printed figures, or the message would contradict itself by a rounding. */
function shownChange({ unit, before, after, change }: Figure): string {
  if (change === null) return '';
  const isRounded = unit === 'fraction' && before !== null && change.compare(after.minus(before)) === 0;
  return changeText(isRounded ? printedChange({ before, after }) : change, unit);
}

/** One line whatever a rule's name holds: titles become subjects of emails, where a line break would start another header. */
function titleLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= TITLE_LENGTH_MAX ? line : `${characters.slice(0, TITLE_LENGTH_MAX - 1).join('')}…`;
}
