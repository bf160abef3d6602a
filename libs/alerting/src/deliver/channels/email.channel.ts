import { createTransport } from 'nodemailer';
import type { AttemptOutcome } from '@app/credit-domain';
import { isLoopback } from '../../register-channel/webhook-url';
import { ATTEMPT_MS_MAX, type ChannelSender, type OutgoingMessage, withinAttempt } from '../outgoing-message';
import { emailContent, oneLine } from './email-content';
import { emailFailure } from './email-failure';

export interface EmailSettings {
  readonly to: readonly string[];
  readonly from: string | null;
  readonly smtp: {
    readonly host: string;
    readonly port: number;
    readonly secure: boolean;
    readonly user: string | null;
    readonly password: string | null;
  };
  /** Signs every mail; null where the mail server does, or nobody. */
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null;
  /** Recipients that want no more digests. */
  readonly digestsPaused: readonly string[];
  /** Where a recipient ends its digests with one request (RFC 8058). */
  readonly unsubscribeUrl: (recipient: string) => string;
}

export const EMAIL_RATE = { perSecond: 10, burst: 10 } as const;
/** A channel never holds more connections to its mail server. */
const CONNECTIONS_MAX = 2;
const MESSAGES_A_CONNECTION_MAX = 100;
/** Below what mail servers keep an idle connection open for, so that it is not closed under a message. */
const IDLE_MS = 30_000;
/** Digests handed over to some of their recipients; a repeat leaves these out. */
const DIGESTS_REMEMBERED_MAX = 1_000;

type Transport = ReturnType<typeof transportOf>;

/**
 * Sends over SMTP, on few connections that are kept a while. A password is never sent over an unencrypted connection to another machine. What
 * the server answers decides: a 5xx reply is for good, a 4xx reply is not, and without a reply the message may have arrived.
 */
export function emailSender(settings: EmailSettings, attemptMs = ATTEMPT_MS_MAX): ChannelSender {
  const transport = transportOf(settings);
  const digests = new DigestMemory();
  return {
    rateLimit: EMAIL_RATE,
    send: async (message, stop): Promise<AttemptOutcome> => {
      if (settings.to.length === 0) return { outcome: 'give-up', reason: 'smtp-no-recipients' };
      const mails = message.reason === 'digest' ? digestMails(settings, message, digests) : [{ to: settings.to, headers: {} }];
      const { messageId } = emailContent(message);
      try {
        await withinAttempt({ stop, attemptMs }, async (signal) => {
          for (const mail of mails) {
            await send(transport, settings, { message, ...mail, signal });
            if (message.reason === 'digest') digests.add(message.deliveryId, mail.to);
          }
        });
        return { outcome: 'sent', providerId: messageId };
      } catch (error) {
        return emailFailure(error);
      }
    },
    close: () => {
      transport.close();
    },
  };
}

/** A mail that is no message of an alert. Both lines are made one before they become headers. */
export interface PlainMail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly messageId: string;
}

/** Hands one mail over by the channel's server, on a connection of its own. Never throws. */
export async function sendPlainMail(settings: EmailSettings, mail: PlainMail, stop: AbortSignal): Promise<AttemptOutcome> {
  const transport = transportOf(settings);
  const { from, smtp } = settings;
  try {
    await withinAttempt({ stop, attemptMs: ATTEMPT_MS_MAX }, (signal) =>
      transport.sendMail({
        from: oneLine(from ?? `arrears@${smtp.host}`),
        to: mail.to.map((address) => ({ name: '', address: oneLine(address) })),
        ...{ subject: oneLine(mail.subject), text: mail.text, html: mail.html, messageId: mail.messageId },
        signal,
      }),
    );
    return { outcome: 'sent', providerId: mail.messageId };
  } catch (error) {
    return emailFailure(error);
  } finally {
    transport.close();
  }
}

interface Mail {
  readonly to: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** A mail a recipient, since each carries the link that ends that one's digests. */
function digestMails({ to, digestsPaused, unsubscribeUrl }: EmailSettings, { deliveryId }: OutgoingMessage, digests: DigestMemory): Mail[] {
  return to
    .filter((recipient) => !digestsPaused.includes(recipient) && !digests.has(deliveryId, recipient))
    .map((recipient) => ({
      to: [recipient],
      headers: { 'List-Unsubscribe': `<${unsubscribeUrl(recipient)}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    }));
}

function transportOf({ smtp, dkim }: EmailSettings): ReturnType<typeof createTransport> {
  const { host, port, secure, user, password } = smtp;
  return createTransport({
    pool: true,
    maxConnections: CONNECTIONS_MAX,
    maxMessages: MESSAGES_A_CONNECTION_MAX,
    idleTimeout: IDLE_MS,
    // A message whose connection ended may have arrived: whether it is sent again is decided and remembered elsewhere.
    maxRequeues: 0,
    host,
    port,
    secure,
    ...(user !== null && { auth: { user, pass: password ?? '' } }),
    ...(dkim !== null && { dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: dkim.privateKey } }),
    requireTLS: password !== null && !isLoopback(host),
    connectionTimeout: ATTEMPT_MS_MAX / 4,
    greetingTimeout: ATTEMPT_MS_MAX / 4,
    socketTimeout: ATTEMPT_MS_MAX / 2,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

async function send(
  transport: Transport,
  { from, smtp }: EmailSettings,
  { message, to, headers, signal }: Mail & { readonly message: OutgoingMessage; readonly signal: AbortSignal },
): Promise<void> {
  const content = emailContent(message);
  await transport.sendMail({
    from: { name: 'Arrears', address: oneLine(from ?? `arrears@${smtp.host}`) },
    to: to.map((address) => ({ name: '', address: oneLine(address) })),
    subject: content.subject,
    text: content.text,
    html: content.html,
    messageId: content.messageId,
    references: [...content.references],
    ...(content.inReplyTo !== null && { inReplyTo: content.inReplyTo }),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Arrears-Delivery': message.deliveryId, ...headers },
    signal,
  });
}

/** Who has a digest already, while the process lives: a digest that reached some of its recipients is not sent to those again. */
class DigestMemory {
  readonly #sent = new Set<string>();

  has(deliveryId: string, recipient: string): boolean {
    return this.#sent.has(`${deliveryId} ${recipient}`);
  }

  add(deliveryId: string, recipients: readonly string[]): void {
    for (const recipient of recipients) this.#sent.add(`${deliveryId} ${recipient}`);
    for (const oldest of this.#sent) {
      if (this.#sent.size <= DIGESTS_REMEMBERED_MAX) break;
      this.#sent.delete(oldest);
    }
  }
}
