import { createTransport } from 'nodemailer';
import type { AttemptOutcome } from '@app/credit-domain';
import { isLoopback } from '../../register-channel/webhook-url';
import { ATTEMPT_MS_MAX, type OutgoingMessage, type Send, withinAttempt } from '../outgoing-message';
import { emailContent } from './email-content';
import { failureCode, propertyOf } from './failure';

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
}

/** Failures in which the server had the whole message or may have had it; everything else is from before. */
const PERHAPS_SENT = new Set(['etimedout', 'econnection', 'esocket', 'timeout']);

/**
 * Sends over SMTP, a connection a message: alerts are few. A password is never sent over an unencrypted connection to another machine.
 * What the server answers decides: a 5xx reply is for good, a 4xx reply is not, and without a reply the message may have arrived.
 */
export function emailSender(settings: EmailSettings, attemptMs = ATTEMPT_MS_MAX): Send {
  return async (message, stop): Promise<AttemptOutcome> => {
    if (settings.to.length === 0) return { outcome: 'give-up', reason: 'smtp-no-recipients' };
    try {
      const messageId = await withinAttempt({ stop, attemptMs }, (signal) => send(settings, message, signal));
      return { outcome: 'sent', providerId: messageId };
    } catch (error) {
      return outcomeOf(error);
    }
  };
}

async function send({ to, from, smtp }: EmailSettings, message: OutgoingMessage, signal: AbortSignal): Promise<string> {
  const { host, port, secure, user, password } = smtp;
  const transport = createTransport({
    host,
    port,
    secure,
    ...(user !== null && { auth: { user, pass: password ?? '' } }),
    requireTLS: password !== null && !isLoopback(host),
    connectionTimeout: ATTEMPT_MS_MAX / 4,
    greetingTimeout: ATTEMPT_MS_MAX / 4,
    socketTimeout: ATTEMPT_MS_MAX / 2,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const content = emailContent(message);
  const sending = transport.sendMail({
    from: { name: 'Arrears', address: from ?? `arrears@${host}` },
    to: [...to],
    subject: content.subject,
    text: content.text,
    html: content.html,
    messageId: content.messageId,
    references: [...content.references],
    ...(content.inReplyTo !== null && { inReplyTo: content.inReplyTo }),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Arrears-Delivery': message.deliveryId },
  });
  try {
    return (await Promise.race([sending, aborted(signal)])).messageId;
  } finally {
    transport.close();
  }
}

/** Rejects when the signal does. nodemailer's own time-outs are per step, and a server may keep every step just within its own. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener(
      'abort',
      () => {
        reject(new DOMException('The attempt took too long.', 'TimeoutError'));
      },
      { once: true },
    );
  });
}

function outcomeOf(error: unknown): AttemptOutcome {
  const responseCode = propertyOf(error, 'responseCode');
  if (typeof responseCode === 'number') {
    const reason = `smtp-${String(responseCode)}`;
    return responseCode >= 500 ? { outcome: 'give-up', reason } : { outcome: 'retry', reason, retryAfterSeconds: null };
  }
  const code = failureCode(error);
  const reason = `smtp-${code}`;
  // A refused or unreachable address fails in connect or in the look-up of its name, and a server that never greets has not heard a word.
  const syscall = propertyOf(error, 'syscall');
  const timeoutType = propertyOf(error, 'timeoutType');
  const isEarly =
    syscall === 'connect' || syscall === 'getaddrinfo' || timeoutType === 'CONNECTION_TIMEOUT' || timeoutType === 'GREETING_TIMEOUT';
  return PERHAPS_SENT.has(code) && !isEarly ? { outcome: 'unknown', reason } : { outcome: 'retry', reason, retryAfterSeconds: null };
}
