import type { OutgoingMessage } from '../outgoing-message';
import { emailContent } from './email-content';
import { SLACK_FIELDS_MAX, SLACK_HEADER_LENGTH_MAX, SLACK_SECTION_LENGTH_MAX, SLACK_TEXT_LENGTH_MAX, slackPayload } from './slack-payload';

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
});
