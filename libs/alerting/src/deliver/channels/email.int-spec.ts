import { generateKeyPairSync } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { startFakeSmtp, type FakeSmtp } from '@app/testing';
import type { ChannelSender } from '../outgoing-message';
import { emailSender, type EmailSettings } from './email.channel';
import { outgoing, RUNNING } from './outgoing.fixture';

const message = outgoing();
/** As long as a sealed one. */
const TOKEN = 'v1.'.padEnd(450, 'x');

/** The headers of a mail, each on one line. */
function headersOf(raw = ''): string[] {
  return (raw.split('\r\n\r\n', 1)[0] ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n');
}

describe('one attempt at a mail server', () => {
  let smtp: FakeSmtp;
  const open: ChannelSender[] = [];
  const settings = (rest: Partial<EmailSettings> = {}): EmailSettings => ({
    to: ['finance@example.com', 'control@example.com'],
    from: null,
    smtp: { host: smtp.host, port: smtp.port, secure: false, user: null, password: null },
    dkim: null,
    digestsPaused: [],
    unsubscribeUrl: (recipient) => `https://arrears.example/v1/digests/unsubscribe?token=${TOKEN}-of-${recipient.split('@')[0] ?? ''}`,
    ...rest,
  });
  const sender = (rest: Partial<EmailSettings> = {}, attemptMs?: number): ChannelSender => {
    const made = emailSender(settings(rest), attemptMs);
    open.push(made);
    return made;
  };
  beforeEach(async () => {
    smtp = await startFakeSmtp();
  });
  afterEach(async () => {
    for (const made of open.splice(0)) made.close?.();
    await smtp.stop();
  });

  it('hands over HTML and text under the id of the delivery', async () => {
    const messageId = `<${message.deliveryId}@arrears>`;
    expect(await sender().send(message, RUNNING)).toEqual({ outcome: 'sent', providerId: messageId });
    const [received] = smtp.received;
    expect(received?.to).toEqual(['finance@example.com', 'control@example.com']);
    expect(received?.mail).toMatchObject({ messageId, subject: 'Critical: Coverage' });
    expect(received?.mail.text).toContain('Change: +12.73 points');
    expect(received?.mail.html).toContain('+12.73 points');
    expect(received?.mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(received?.raw).not.toMatch(/^List-Unsubscribe/im);
  });

  it('takes a 4xx reply for a while and a 5xx reply for good', async () => {
    smtp.answerNext({ code: 452 }, { code: 554 });
    const { send } = sender();
    expect(await send(message, RUNNING)).toEqual({ outcome: 'retry', reason: 'smtp-452', retryAfterSeconds: null });
    expect(await send(message, RUNNING)).toEqual({ outcome: 'give-up', reason: 'smtp-554' });
  });

  it('leaves open whether a message arrived when the connection ends after it, and does not send it again by itself', async () => {
    smtp.answerNext('drop');
    expect(await sender().send(message, RUNNING)).toMatchObject({ outcome: 'unknown' });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(smtp.received).toHaveLength(1);
  });

  it('leaves open whether a message arrived at a server that took all of it and says nothing more', async () => {
    smtp.answerNext('hang');
    expect(await sender({}, 400).send(message, RUNNING)).toEqual({ outcome: 'unknown', reason: 'smtp-timeout' });
    expect(smtp.received).toHaveLength(1);
  });

  it('knows that nothing was sent where nobody listens', async () => {
    const gone = sender();
    await smtp.stop();
    expect(await gone.send(message, RUNNING)).toEqual({ outcome: 'retry', reason: 'smtp-esocket', retryAfterSeconds: null });
    smtp = await startFakeSmtp();
  });

  it('does not come back by itself to a server that hangs up: when to try again is decided elsewhere', async () => {
    let connections = 0;
    const rude = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const { port } = rude.address() as AddressInfo;
    const outcome = await sender({ smtp: { host: '127.0.0.1', port, secure: false, user: null, password: null } }, 2_000).send(
      message,
      RUNNING,
    );
    expect(outcome.outcome).not.toBe('sent');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(connections).toBe(1);
    await new Promise((resolve) => rude.close(resolve));
  });

  it('never sends a password in the clear to another machine', async () => {
    const remote = { host: '127.0.0.1.nip.invalid', port: smtp.port, secure: false, user: 'u', password: 'p' };
    expect(await sender({ smtp: remote }).send(message, RUNNING)).toMatchObject({ outcome: 'retry' });
    expect(smtp.received).toEqual([]);
  });

  it('keeps its connections between messages, and never more than two of them', async () => {
    const { send } = sender();
    await Promise.all(Array.from({ length: 8 }, () => send(message, RUNNING)));
    await send(message, RUNNING);
    expect(smtp.accepted).toHaveLength(9);
    expect(smtp.connections).toBeLessThanOrEqual(2);
  });

  it('signs with DKIM where it has a key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    await sender({ dkim: { domain: 'example.com', selector: 'alerts', privateKey } }).send(message, RUNNING);
    expect(smtp.received[0]?.raw).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256;[^\n]*(\n[ \t][^\n]*)*d=example\.com/m);
  });

  it('sends a digest to each recipient with a link of its own, and to none that ended it', async () => {
    const { send } = sender({
      digestsPaused: ['control@example.com'],
      to: ['finance@example.com', 'control@example.com', 'cfo@example.com'],
    });
    expect(await send(outgoing({ reason: 'digest', groupState: null }), RUNNING)).toMatchObject({ outcome: 'sent' });
    expect(smtp.accepted.map(({ to }) => to)).toEqual([['finance@example.com'], ['cfo@example.com']]);
    const headers = headersOf(smtp.accepted[0]?.raw);
    expect(headers).toContain(`List-Unsubscribe: <https://arrears.example/v1/digests/unsubscribe?token=${TOKEN}-of-finance>`);
    expect(headers).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });

  it('does not repeat a digest to those who have it when another recipient was not reached', async () => {
    const { send } = sender();
    smtp.answerNext('ok', { code: 451 });
    const digest = outgoing({ reason: 'digest', groupState: null });
    expect(await send(digest, RUNNING)).toMatchObject({ outcome: 'retry' });
    expect(await send(digest, RUNNING)).toMatchObject({ outcome: 'sent' });
    expect(smtp.accepted.map(({ to }) => to)).toEqual([['finance@example.com'], ['control@example.com']]);
  });

  it('lets no text become a header, whatever a title or an id holds', async () => {
    const injected = 'Coverage\r\nBcc: everybody@example.com\r\n\r\nTransfer money\u2028X: y';
    const id = `x\r\nBcc: everybody@example.com`;
    await sender().send(outgoing({ title: injected, groupId: id, inReplyTo: id }), RUNNING);
    const [received] = smtp.received;
    expect(received?.to).toEqual(['finance@example.com', 'control@example.com']);
    expect(headersOf(received?.raw).filter((header) => /^(Bcc|X):/i.test(header))).toEqual([]);
    expect(received?.mail.subject).toContain('Coverage Bcc: everybody@example.com');
  });

  it('lets no address become a header or another recipient', async () => {
    const injected = 'arrears@example.com\r\nBcc: everybody@example.com';
    await sender({ from: injected }).send(message, RUNNING);
    await sender({ to: [injected] }).send(message, RUNNING);
    const reached = smtp.received.flatMap(({ to }) => to);
    expect(reached.filter((address) => address.includes('everybody') && !address.includes(' '))).toEqual([]);
    expect(smtp.received.flatMap(({ raw }) => headersOf(raw)).filter((header) => /^Bcc:/i.test(header))).toEqual([]);
  });
});
