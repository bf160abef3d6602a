import { startFakeSlack, startFakeSmtp, type FakeSlack, type FakeSmtp, type SlackAnswer } from '@app/testing';
import type { OutgoingMessage } from '../outgoing-message';
import { emailSender, type EmailSettings } from './email.channel';
import { slackSender } from './slack.channel';

const ATTEMPT_MS = 400;
const RUNNING = new AbortController().signal;
const message: OutgoingMessage = {
  deliveryId: '5f0f6c1e-0000-4000-8000-000000000001',
  alertId: null,
  groupId: null,
  inReplyTo: null,
  earlier: null,
  groupState: null,
  requestedAt: new Date('2026-01-01T00:00:00Z'),
  reason: 'fired',
  severity: 'critical',
  title: 'Critical: Coverage',
  text: 'Coverage rose.',
  facts: [{ name: 'Change', value: '+12.73 points' }],
  bridges: [],
  debtors: [],
  view: null,
  members: [],
};

describe('one attempt at Slack', () => {
  let slack: FakeSlack;
  beforeEach(async () => {
    slack = await startFakeSlack();
  });
  afterEach(() => slack.stop());

  const table: readonly (readonly [SlackAnswer, object])[] = [
    ['ok', { outcome: 'sent', providerId: null }],
    ['hang', { outcome: 'unknown', reason: 'slack-timeout' }],
    ['drop', { outcome: 'unknown', reason: 'slack-und_err_socket' }],
    [
      { status: 429, retryAfter: '30' },
      { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: 30 },
    ],
    [
      { status: 429, retryAfter: 'Thu, 01 Jan 2026 00:01:00 GMT' },
      { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: 60 },
    ],
    [
      { status: 429, retryAfter: 'soon' },
      { outcome: 'retry', reason: 'slack-http-429', retryAfterSeconds: null },
    ],
    [{ status: 408 }, { outcome: 'retry', reason: 'slack-http-408', retryAfterSeconds: null }],
    [{ status: 425 }, { outcome: 'retry', reason: 'slack-http-425', retryAfterSeconds: null }],
    [
      { status: 503, retryAfter: '5' },
      { outcome: 'retry', reason: 'slack-http-503', retryAfterSeconds: 5 },
    ],
    [{ status: 400 }, { outcome: 'give-up', reason: 'slack-http-400' }],
    [{ status: 403 }, { outcome: 'give-up', reason: 'slack-http-403' }],
    [{ status: 410 }, { outcome: 'give-up', reason: 'slack-http-410' }],
    [
      { status: 302, location: 'http://127.0.0.1:9/' },
      { outcome: 'give-up', reason: 'slack-http-302' },
    ],
  ];
  it.each(table)('answered %j comes out as %j: a wrong reading loses a message or sends it twice', async (answer, outcome) => {
    slack.answerNext(answer);
    const send = slackSender(slack.url, () => new Date('2026-01-01T00:00:00Z'), ATTEMPT_MS);
    expect(await send(message, RUNNING)).toEqual(outcome);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const { url } = slack;
    await slack.stop();
    const outcome = await slackSender(url, () => new Date())(message, RUNNING);
    expect(outcome).toEqual({ outcome: 'retry', reason: 'slack-econnrefused', retryAfterSeconds: null });
    slack = await startFakeSlack();
  });

  it('finishes what it has begun when the process is asked to stop, rather than leave it open', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await slackSender(slack.url, () => new Date(), ATTEMPT_MS)(message, stop.signal)).toEqual({ outcome: 'sent', providerId: null });
  });
});

describe('one attempt at a mail server', () => {
  let smtp: FakeSmtp;
  const settings = (): EmailSettings => ({
    to: ['finance@example.com', 'control@example.com'],
    from: null,
    smtp: { host: smtp.host, port: smtp.port, secure: false, user: null, password: null },
  });
  beforeEach(async () => {
    smtp = await startFakeSmtp();
  });
  afterEach(() => smtp.stop());

  it('hands over HTML and text under the id of the delivery', async () => {
    const messageId = `<${message.deliveryId}@arrears>`;
    expect(await emailSender(settings())(message, RUNNING)).toEqual({ outcome: 'sent', providerId: messageId });
    const [received] = smtp.received;
    expect(received?.to).toEqual(['finance@example.com', 'control@example.com']);
    expect(received?.mail).toMatchObject({ messageId, subject: 'Critical: Coverage' });
    expect(received?.mail.text).toContain('Change: +12.73 points');
    expect(received?.mail.html).toContain('+12.73 points');
    expect(received?.mail.headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('takes a 4xx reply for a while and a 5xx reply for good', async () => {
    smtp.answerNext({ code: 452 }, { code: 554 });
    expect(await emailSender(settings())(message, RUNNING)).toEqual({ outcome: 'retry', reason: 'smtp-452', retryAfterSeconds: null });
    expect(await emailSender(settings())(message, RUNNING)).toEqual({ outcome: 'give-up', reason: 'smtp-554' });
  });

  it('leaves open whether a message arrived when the connection ends after it', async () => {
    smtp.answerNext('drop');
    expect(await emailSender(settings())(message, RUNNING)).toMatchObject({ outcome: 'unknown' });
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const gone = settings();
    await smtp.stop();
    expect(await emailSender(gone)(message, RUNNING)).toEqual({ outcome: 'retry', reason: 'smtp-esocket', retryAfterSeconds: null });
    smtp = await startFakeSmtp();
  });

  it('never sends a password in the clear to another machine', async () => {
    const { host, port } = settings().smtp;
    const remote = {
      ...settings(),
      smtp: { host: host.replace('127.0.0.1', '127.0.0.1.nip.invalid'), port, secure: false, user: 'u', password: 'p' },
    };
    expect(await emailSender(remote)(message, RUNNING)).toMatchObject({ outcome: 'retry' });
    expect(smtp.received).toEqual([]);
  });
});
