import type { OutgoingMessage } from '../outgoing-message';
import { emailContent } from './email-content';
import {
  SLACK_BLOCKS_MAX,
  SLACK_FIELDS_MAX,
  SLACK_HEADER_LENGTH_MAX,
  SLACK_SECTION_LENGTH_MAX,
  SLACK_TEXT_LENGTH_MAX,
  slackPayload,
} from './slack-payload';

const message: OutgoingMessage = {
  deliveryId: 'd1',
  alertId: 'a1',
  groupId: 'a1',
  inReplyTo: null,
  earlier: null,
  groupState: 'firing',
  requestedAt: new Date('2026-01-01T00:00:00Z'),
  reason: 'fired',
  severity: 'critical',
  title: 'Critical: <!channel> & "friends"',
  text: 'Rose by <b>10</b> points & more.',
  facts: [{ name: 'A<B', value: '<https://evil.example|click>' }],
  bridges: [],
  debtors: [],
  view: null,
  members: [],
};
const long: OutgoingMessage = {
  ...message,
  title: 'T'.repeat(400),
  text: `${'x'.repeat(SLACK_SECTION_LENGTH_MAX - 3)}&&&&&`,
  facts: Array.from({ length: 30 }, () => ({ name: 'n', value: 'v'.repeat(5_000) })),
};

interface Block {
  readonly type: string;
  readonly text?: { readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
}

describe('what Slack is sent', () => {
  it('mentions and links nobody, whatever a rule is called', () => {
    const { text, blocks } = slackPayload(message);
    expect(text).toContain('&lt;!channel&gt; &amp;');
    const marked = JSON.stringify(blocks.filter((block) => (block as Block).type !== 'header'));
    expect(marked).not.toMatch(/<[!@#h]/);
    expect(marked).toContain('&lt;https://evil.example|click&gt;');
  });

  it('keeps every limit of Block Kit: Slack refuses the whole message otherwise', () => {
    const { text, blocks } = slackPayload(long);
    expect(text.length).toBeLessThanOrEqual(SLACK_TEXT_LENGTH_MAX);
    const [header, section, fields] = blocks as Block[];
    expect(header?.text?.text.length).toBeLessThanOrEqual(SLACK_HEADER_LENGTH_MAX);
    expect(section?.text?.text.length).toBeLessThanOrEqual(SLACK_SECTION_LENGTH_MAX);
    expect(section?.text?.text).toMatch(/x…$/);
    expect(fields?.fields).toHaveLength(SLACK_FIELDS_MAX);
    expect(fields?.fields?.every((field) => field.text.length <= 2_000)).toBe(true);
  });

  it('fills the text that notifications and screen readers show, and leaves out an empty section of fields', () => {
    const { text, blocks } = slackPayload({ ...message, facts: [] });
    expect(text).not.toBe('');
    expect(blocks.map((block) => (block as Block).type)).toEqual(['header', 'section', 'context']);
  });

  const full: OutgoingMessage = {
    ...message,
    bridges: [
      {
        subject: 'Coverage, collective & ```all```',
        opening: '35.10 %',
        legs: Array.from({ length: 300 }, (_, index) => ({
          cause: `Leg ${String(index)} <of> \`\`\` ${'x'.repeat(60)}`,
          amount: `+${String(index)}.00 points`,
        })),
        closing: '47.83 %',
      },
    ],
    debtors: Array.from({ length: 5 }, (_, index) => ({ debtorId: `D-${String(index)}`, amount: `CNY ${String(index)}.00` })),
    view: 'https://arrears.example/v1/ageing?asOf=2024-12-31',
    members: Array.from({ length: 400 }, (_, index) => ({
      alertId: String(index),
      title: `Member ${String(index)}`,
      text: 'm'.repeat(500),
    })),
  };

  it('shows every leg of a bridge, over as many sections as it needs: a part of one does not add up', () => {
    const texts = (slackPayload(full).blocks as Block[]).map(({ text }) => text?.text ?? '');
    const tables = texts.filter((text) => text.includes('```'));
    const lines = tables.join('\n').split('\n');
    expect(lines.filter((line) => /^Leg \d+ &lt;of&gt;/.test(line))).toHaveLength(300);
    expect(lines.filter((line) => line.startsWith('Opening'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('Closing'))).toHaveLength(1);
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(SLACK_SECTION_LENGTH_MAX);
    // No text can end the letters of one width.
    for (const text of tables) expect(text.split('```')).toHaveLength(3);
  });

  it('sets figures below each other, so that they can be added up', () => {
    const { blocks } = slackPayload({
      ...full,
      bridges: [{ subject: 'S', opening: '35.10 %', legs: [{ cause: 'Mix', amount: '+9.93 points' }], closing: '45.03 %' }],
    });
    const table = (blocks as Block[]).map(({ text }) => text?.text ?? '').find((text) => text.includes('*S*'));
    expect(table).toBe('*S*\n```\nOpening       35.10 %\nMix      +9.93 points\nClosing       45.03 %\n```');
  });

  it('keeps to the number of blocks and still says what to do and which message it is', () => {
    const many = {
      ...full,
      bridges: Array.from({ length: 60 }, () => full.bridges[0] ?? { subject: '', opening: '', legs: [], closing: '' }),
    };
    const blocks = slackPayload(many, { buttons: true }).blocks as Block[];
    expect(blocks.length).toBeLessThanOrEqual(SLACK_BLOCKS_MAX);
    expect(blocks.slice(-2).map(({ type }) => type)).toEqual(['actions', 'context']);
  });

  it('names the members of the group, and how many more there are', () => {
    const texts = (slackPayload(full).blocks as Block[]).map(({ text }) => text?.text ?? '');
    const members = texts.find((text) => text.includes('*Told with it*'));
    expect(members).toContain('*Member 0*');
    expect(members).toMatch(/… and \d+ more$/);
  });

  it('offers to acknowledge and to silence only what fires, and only where a press can be verified', () => {
    const actionsOf = (sent: OutgoingMessage, buttons: boolean): string => JSON.stringify(slackPayload(sent, { buttons }).blocks);
    expect(actionsOf(full, true)).toContain('arrears-acknowledge');
    expect(actionsOf(full, false)).not.toContain('arrears-acknowledge');
    expect(actionsOf({ ...full, groupState: 'resolved' }, true)).not.toContain('arrears-acknowledge');
    expect(actionsOf({ ...full, alertId: null }, true)).not.toContain('arrears-acknowledge');
  });
});

describe('what a mail says', () => {
  it('holds no markup but its own', () => {
    const { html } = emailContent(message);
    expect(html).not.toContain('<b>');
    expect(html).not.toContain('<!channel>');
    expect(html).toContain('&lt;b&gt;10&lt;/b&gt;');
  });

  it('threads an episode: all of it under the alert, the end under the beginning', () => {
    expect(emailContent(message)).toMatchObject({ messageId: '<d1@arrears>', references: ['<a1@arrears>'], inReplyTo: '<a1@arrears>' });
    const ended = emailContent({ ...message, deliveryId: 'd2', inReplyTo: 'd1' });
    expect(ended).toMatchObject({ messageId: '<d2@arrears>', references: ['<a1@arrears>', '<d1@arrears>'], inReplyTo: '<d1@arrears>' });
  });

  it('lets nothing of an id or a title into a header but itself', () => {
    const injected = 'x\r\nBcc: everybody@example.com';
    const { subject, messageId, references, inReplyTo } = emailContent({
      ...message,
      deliveryId: injected,
      groupId: injected,
      title: injected,
    });
    for (const header of [subject, messageId, ...references, inReplyTo]) expect(header).not.toMatch(/[\r\n]/);
    expect(messageId).toMatch(/^<[A-Za-z0-9._-]+@arrears>$/);
  });
});
