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
