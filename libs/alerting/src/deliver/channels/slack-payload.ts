import type { OutgoingMessage } from '../outgoing-message';
import { bridgeRows, debtorRows, monospaced } from './tables';

/** Limits of Slack's Block Kit, in characters. */
export const SLACK_HEADER_LENGTH_MAX = 150;
export const SLACK_SECTION_LENGTH_MAX = 3_000;
export const SLACK_FIELDS_MAX = 10;
export const SLACK_FIELD_LENGTH_MAX = 2_000;
export const SLACK_BLOCKS_MAX = 50;
export const SLACK_BUTTON_TEXT_LENGTH_MAX = 75;
export const SLACK_BUTTON_URL_LENGTH_MAX = 3_000;
/** Slack takes more, but the top-level text is for notifications and screen readers. */
export const SLACK_TEXT_LENGTH_MAX = 3_000;
const MEMBERS_SHOWN_MAX = 15;
const FENCE = '```';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What pressing a button asks for; the alert is the button's value. */
export const SLACK_ACTIONS = { acknowledge: 'arrears-acknowledge', silence: 'arrears-silence' } as const;
/** How long the silence of a button lasts; a longer one needs a reason, and the API. */
export const SLACK_SILENCE_HOURS = 24;

export interface SlackPayload {
  readonly text: string;
  readonly blocks: readonly object[];
}

/** Block Kit, and the same in plain text for whoever cannot show blocks. `buttons`: whether somebody may act on it from Slack. */
export function slackPayload(message: OutgoingMessage, { buttons }: { readonly buttons: boolean } = { buttons: false }): SlackPayload {
  const middle = [...bridgeBlocks(message), ...debtorBlocks(message), ...memberBlocks(message)];
  const before = [
    { type: 'header', text: { type: 'plain_text', text: cut(message.title, SLACK_HEADER_LENGTH_MAX), emoji: false } },
    { type: 'section', text: mrkdwn(escape(message.text), SLACK_SECTION_LENGTH_MAX) },
    ...factBlocks(message),
  ];
  const after = [
    ...actionBlocks(message, buttons),
    { type: 'context', elements: [mrkdwn(`Arrears · ${message.deliveryId}`, SLACK_FIELD_LENGTH_MAX)] },
  ];
  return {
    text: cut(escape(`${message.title}: ${message.text}`), SLACK_TEXT_LENGTH_MAX),
    blocks: [...before, ...middle.slice(0, SLACK_BLOCKS_MAX - before.length - after.length), ...after],
  };
}

function factBlocks({ facts }: OutgoingMessage): object[] {
  const fields = facts
    .slice(0, SLACK_FIELDS_MAX)
    .map(({ name, value }) => mrkdwn(`*${escape(name)}*\n${escape(value)}`, SLACK_FIELD_LENGTH_MAX));
  return fields.length === 0 ? [] : [{ type: 'section', fields }];
}

function bridgeBlocks({ bridges }: OutgoingMessage): object[] {
  return bridges.flatMap((bridge) => tableBlocks(bridge.subject, bridgeRows(bridge)));
}

function debtorBlocks(message: OutgoingMessage): object[] {
  return message.debtors.length === 0 ? [] : tableBlocks('Largest debtors', debtorRows(message));
}

/** A table as long as it is: over as many sections as it needs, since a part of it would not add up. */
function tableBlocks(title: string, rows: readonly (readonly [string, string])[]): object[] {
  const heading = `*${cut(withoutFences(escape(title)), 200)}*\n`;
  const roomFor = SLACK_SECTION_LENGTH_MAX - heading.length - 2 * FENCE.length - 2;
  const parts: string[] = [];
  for (const line of monospaced(rows).map((row) => cut(withoutFences(escape(row)), roomFor))) {
    const last = parts.at(-1);
    if (last === undefined || last.length + 1 + line.length > roomFor) parts.push(line);
    else parts[parts.length - 1] = `${last}\n${line}`;
  }
  return parts.map((part, index) => ({
    type: 'section',
    text: mrkdwn(`${index === 0 ? heading : ''}${FENCE}\n${part}\n${FENCE}`, SLACK_SECTION_LENGTH_MAX),
  }));
}

function memberBlocks({ members }: OutgoingMessage): object[] {
  if (members.length === 0) return [];
  const shown = members.slice(0, MEMBERS_SHOWN_MAX).map(({ title, text }) => `• *${escape(title)}*: ${escape(text)}`);
  const hidden = members.length - shown.length;
  const lines = ['*Told with it*', ...shown.map((line) => cut(line, 180)), ...(hidden === 0 ? [] : [`… and ${String(hidden)} more`])];
  return [{ type: 'section', text: mrkdwn(lines.join('\n'), SLACK_SECTION_LENGTH_MAX) }];
}

function actionBlocks({ view, alertId, groupState }: OutgoingMessage, buttons: boolean): object[] {
  const elements = [
    ...(view !== null && view.length <= SLACK_BUTTON_URL_LENGTH_MAX ? [button('Open this view', 'arrears-view', { url: view })] : []),
    ...(buttons && alertId !== null && groupState === 'firing'
      ? [
          button('Acknowledge', SLACK_ACTIONS.acknowledge, { value: alertId }),
          button(`Silence for ${String(SLACK_SILENCE_HOURS)} hours`, SLACK_ACTIONS.silence, { value: alertId }),
        ]
      : []),
  ];
  return elements.length === 0 ? [] : [{ type: 'actions', elements }];
}

function button(text: string, actionId: string, rest: { readonly url: string } | { readonly value: string }): object {
  return { type: 'button', text: { type: 'plain_text', text: cut(text, SLACK_BUTTON_TEXT_LENGTH_MAX) }, action_id: actionId, ...rest };
}

function mrkdwn(text: string, lengthMax: number): object {
  return { type: 'mrkdwn', text: cut(text, lengthMax), verbatim: true };
}

/** Slack reads these three as markup; escaped, a name cannot become a link or a mention. */
function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** No text can end or begin the letters of one width. */
function withoutFences(text: string): string {
  return text.replaceAll('`', "'");
}

/** Never inside an entity or a surrogate pair: half of either would be shown as such. */
function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${text.slice(0, lengthMax - 1).replace(/&[a-z]{0,4}$|[\uD800-\uDBFF]$/, '')}…`;
}
