import type { ResolutionReason } from './alert.decider';
import type { Figure, MeasuredEvaluation } from './evaluation';
import type { AlertSeverity } from './rule-definition';
import { changeText, valueText } from './wording';

/**
 * Why a channel is told something; a part of the delivery's identity. `fired`: the first message of a group. `changed`: others joined it.
 * `worsened`: beyond what was told. `resolved`: all of it, or some of it. `repeat`: it still fires. `escalated`: nobody acknowledged it.
 * `ack-expired`: whoever acknowledged it let it lapse. `digest`: the day's, in one message. `channel-failed`: it could not be told elsewhere.
 */
export const NOTIFY_REASONS = [
  'fired',
  'changed',
  'worsened',
  'resolved',
  'repeat',
  'escalated',
  'digest',
  'ack-expired',
  'channel-failed',
  'test',
] as const;
export type NotifyReason = (typeof NOTIFY_REASONS)[number];

/** What is said, before a channel gives it its form. Plain text, no markup. */
export interface AlertMessage {
  /** One line, at most TITLE_LENGTH_MAX characters. */
  readonly title: string;
  /** What moved, from what to what, and why. */
  readonly text: string;
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  /** Why, as printed: the legs of each lead from its opening to its closing figure and add up as they stand. */
  readonly bridges: readonly MessageBridge[];
  /** The largest debtors behind the figure, by id: names are personal and have no place in the log. */
  readonly debtors: readonly { readonly debtorId: string; readonly amount: string }[];
  /** Path and query of the view the message speaks about, with its as-of date; made absolute when it is sent. */
  readonly view: string | null;
  /** What else is told with it: the other alerts of its group. */
  readonly members: readonly { readonly alertId: string; readonly title: string; readonly text: string }[];
}

export interface MessageBridge {
  readonly subject: string;
  readonly opening: string;
  readonly legs: readonly { readonly cause: string; readonly amount: string }[];
  readonly closing: string;
}

const NO_DETAILS = { bridges: [], debtors: [], view: null, members: [] } as const;

const TITLE_LENGTH_MAX = 140;

interface RuleNaming {
  readonly name: string;
  readonly severity: AlertSeverity;
}

const STATE_NAMES: Readonly<Record<AlertSeverity, string>> = { critical: 'Critical', warning: 'Warning', info: 'Notice' };

export function firedMessage(rule: RuleNaming, evaluation: MeasuredEvaluation): AlertMessage {
  return {
    title: title(`${STATE_NAMES[rule.severity]}: ${rule.name}`),
    text: `${evaluation.cause}.`,
    facts: factsOf(rule, evaluation),
    ...NO_DETAILS,
  };
}

/** `evaluation` is the one that resolved the alert; null when the rule was changed or retired. */
export function resolvedMessage(
  rule: RuleNaming,
  alert: { readonly subject: string; readonly cause: string },
  reason: ResolutionReason,
  evaluation: MeasuredEvaluation | null,
): AlertMessage {
  return {
    title: title(`Resolved: ${rule.name}`),
    text: `${RESOLUTION_TEXTS[reason]} ${evaluation === null ? `It had said: ${alert.cause}.` : `${evaluation.cause}.`}`,
    facts: evaluation === null ? [{ name: 'Severity', value: rule.severity }] : factsOf(rule, evaluation),
    ...NO_DETAILS,
  };
}

export function testMessage(channelName: string): AlertMessage {
  return {
    title: title(`Test message from Arrears to ${channelName}`),
    text: 'Somebody asked for this test. Alerts that name this channel will arrive here.',
    facts: [],
    ...NO_DETAILS,
  };
}

const RESOLUTION_TEXTS: Readonly<Record<ResolutionReason, string>> = {
  'below-exit': 'The shift is back below its exit threshold.',
  immaterial: 'The shift no longer matters in currency.',
  'nothing-left': 'There is nothing left of what it spoke about.',
  cleared: 'What it reported is over.',
  'rule-changed': 'Closed because its rule was changed, not because the figure moved back.',
  'rule-retired': 'Closed because its rule was retired, not because the figure moved back.',
};

function factsOf(rule: RuleNaming, { subject, movement, asOf, baseAsOf }: MeasuredEvaluation): AlertMessage['facts'] {
  return [
    { name: subject, value: figureText(movement) },
    ...(movement.change === null ? [] : [{ name: 'Change', value: changeText(movement.change, movement.unit) }]),
    { name: 'As of', value: baseAsOf === null ? asOf : `${asOf}, compared with ${baseAsOf}` },
    { name: 'Severity', value: rule.severity },
  ];
}

/** One line whatever a rule's name holds: titles become subjects of emails, where a line break would start another header. */
function title(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= TITLE_LENGTH_MAX ? line : `${characters.slice(0, TITLE_LENGTH_MAX - 1).join('')}…`;
}

/** `35.10 % → 47.83 %`, or the figure alone where nothing is compared. */
function figureText({ unit, before, after }: Figure): string {
  return before === null ? valueText(after, unit) : `${valueText(before, unit)} → ${valueText(after, unit)}`;
}
