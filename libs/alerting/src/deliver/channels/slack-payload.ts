import type { OutgoingMessage } from '../outgoing-message';

/** Limits of Slack's Block Kit, in characters. */
export const SLACK_HEADER_LENGTH_MAX = 150;
export const SLACK_SECTION_LENGTH_MAX = 3_000;
export const SLACK_FIELDS_MAX = 10;
export const SLACK_FIELD_LENGTH_MAX = 2_000;
/** Slack takes more, but the top-level text is for notifications and screen readers. */
export const SLACK_TEXT_LENGTH_MAX = 3_000;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The body of an incoming webhook: Block Kit, and the same in plain text for whoever cannot show blocks. */
export function slackPayload(message: OutgoingMessage): { text: string; blocks: readonly object[] } {
  const fields = message.facts
    .slice(0, SLACK_FIELDS_MAX)
    .map(({ name, value }) => mrkdwn(`*${escape(name)}*\n${escape(value)}`, SLACK_FIELD_LENGTH_MAX));
  return {
    text: cut(escape(`${message.title}: ${message.text}`), SLACK_TEXT_LENGTH_MAX),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(message.title, SLACK_HEADER_LENGTH_MAX), emoji: false } },
      { type: 'section', text: mrkdwn(escape(message.text), SLACK_SECTION_LENGTH_MAX) },
      ...(fields.length === 0 ? [] : [{ type: 'section', fields }]),
      { type: 'context', elements: [mrkdwn(`Arrears · ${message.deliveryId}`, SLACK_FIELD_LENGTH_MAX)] },
    ],
  };
}

function mrkdwn(text: string, lengthMax: number): object {
  return { type: 'mrkdwn', text: cut(text, lengthMax), verbatim: true };
}

/** Slack reads these three as markup; escaped, a name cannot become a link or a mention. */
function escape(text: string): string {
  return text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
}

/** Never inside an entity or a surrogate pair: half of either would be shown as such. */
function cut(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text;
  return `${text.slice(0, lengthMax - 1).replace(/&[a-z]{0,4}$|[\uD800-\uDBFF]$/, '')}…`;
}
