import type { OutgoingMessage } from '../outgoing-message';
import { bridgeRows, debtorRows, monospaced } from './tables';

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
  return `<${id.replace(/[^A-Za-z0-9._-]/g, '')}@${MESSAGE_ID_DOMAIN}>`;
}

/** HTML and plain text of a message, and the headers that thread the messages of one group. */
export function emailContent(message: OutgoingMessage): EmailContent {
  const { deliveryId, groupId, inReplyTo } = message;
  return {
    subject: oneLine(message.title),
    text: textOf(message),
    html: htmlOf(message),
    messageId: messageIdOf(deliveryId),
    references: [groupId, inReplyTo].filter((id) => id !== null).map(messageIdOf),
    inReplyTo: inReplyTo === null ? (groupId === null ? null : messageIdOf(groupId)) : messageIdOf(inReplyTo),
  };
}

/** A header is one line: what follows a line break would be another header. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

function textOf(message: OutgoingMessage): string {
  const { title, text, facts, bridges, debtors, members, view, deliveryId } = message;
  const sections = [
    [title],
    [text],
    facts.map(({ name, value }) => `${name}: ${value}`),
    ...bridges.map((bridge) => [bridge.subject, ...monospaced(bridgeRows(bridge))]),
    debtors.length === 0 ? [] : ['Largest debtors', ...monospaced(debtorRows(message))],
    members.length === 0 ? [] : ['Told with it', ...members.map((member) => `- ${member.title}: ${member.text}`)],
    view === null ? [] : [`This view: ${view}`],
    [`Delivery ${deliveryId}`],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function htmlOf(message: OutgoingMessage): string {
  const { title, text, facts, bridges, debtors, members, view, severity, deliveryId } = message;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escape(title)}</title></head>`,
    `<body style="font-family:system-ui,sans-serif;color:#1b1b1b;max-width:42rem">`,
    `<h1 style="font-size:1.2rem;color:${COLOURS[severity]}">${escape(title)}</h1><p>${escape(text)}</p>`,
    tableOf(
      null,
      facts.map(({ name, value }) => [name, value]),
    ),
    ...bridges.map((bridge) => tableOf(bridge.subject, bridgeRows(bridge))),
    debtors.length === 0 ? '' : tableOf('Largest debtors', debtorRows(message)),
    members.length === 0 ? '' : `<h2 style="font-size:1rem">Told with it</h2><ul>${members.map(memberOf).join('')}</ul>`,
    view === null ? '' : `<p><a href="${escape(view)}">Open this view</a></p>`,
    `<p style="color:#5f5f5f;font-size:0.8rem">Delivery ${escape(deliveryId)}</p></body></html>`,
  ].join('');
}

function memberOf({ title, text }: OutgoingMessage['members'][number]): string {
  return `<li><strong>${escape(title)}</strong>: ${escape(text)}</li>`;
}

function tableOf(caption: string | null, rows: readonly (readonly [string, string])[]): string {
  const cells = rows.map(
    ([name, value]) =>
      `<tr><th align="left" style="padding:2px 12px 2px 0;font-weight:${caption === null ? 'bold' : 'normal'}">${escape(name)}</th>` +
      `<td${caption === null ? '' : ' align="right"'}>${escape(value)}</td></tr>`,
  );
  const heading = caption === null ? '' : `<caption align="left" style="font-weight:bold;padding-top:8px">${escape(caption)}</caption>`;
  return `<table style="border-collapse:collapse">${heading}${cells.join('')}</table>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
