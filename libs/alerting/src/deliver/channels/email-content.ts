import type { OutgoingMessage } from '../outgoing-message';

/** Right side of every Message-ID: not a host, since ids must stay the same wherever the application runs. */
const MESSAGE_ID_DOMAIN = 'arrears';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const COLOURS: Readonly<Record<OutgoingMessage['severity'], string>> = { critical: '#b3261e', warning: '#8a5300', info: '#1f5fa8' };

export interface EmailContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
  readonly references: readonly string[];
  readonly inReplyTo: string | null;
}

/** The id of a delivery's mail: the same on every attempt, so that a mail program folds a message which arrives twice. */
export function messageIdOf(id: string): string {
  return `<${id}@${MESSAGE_ID_DOMAIN}>`;
}

/** HTML and plain text of a message, and the headers that thread the messages of one episode. */
export function emailContent(message: OutgoingMessage): EmailContent {
  const { title, text, facts, deliveryId, groupId, inReplyTo } = message;
  const references = [groupId, inReplyTo].filter((id) => id !== null).map(messageIdOf);
  const lines = facts.map(({ name, value }) => `${name}: ${value}`);
  const rows = facts.map(
    ({ name, value }) => `<tr><th align="left" style="padding:2px 12px 2px 0">${escape(name)}</th><td>${escape(value)}</td></tr>`,
  );
  return {
    subject: title,
    text: [title, '', text, '', ...lines, '', `Delivery ${deliveryId}`].join('\n'),
    html:
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title></head>` +
      `<body style="font-family:system-ui,sans-serif;color:#1b1b1b;max-width:42rem">` +
      `<h1 style="font-size:1.2rem;color:${COLOURS[message.severity]}">${escape(title)}</h1><p>${escape(text)}</p>` +
      `<table style="border-collapse:collapse">${rows.join('')}</table>` +
      `<p style="color:#5f5f5f;font-size:0.8rem">Delivery ${escape(deliveryId)}</p></body></html>`,
    messageId: messageIdOf(deliveryId),
    references,
    inReplyTo: inReplyTo === null ? (groupId === null ? null : messageIdOf(groupId)) : messageIdOf(inReplyTo),
  };
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
