import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { answerAs, startFakeHttp, type FakeRequest, type ScriptedAnswer } from './fake-http';

export interface ReceivedWebhook {
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: readonly string[];
  readonly raw: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
  readonly at: number;
  readonly answered: ScriptedAnswer;
}

/** A receiver after Standard Webhooks on this machine. Answers come in the order given, then `ok` for ever. */
export interface FakeWebhook {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  readonly accepted: readonly ReceivedWebhook[];
  /** Whether a message carries a good signature by the secret (`whsec_…`). */
  isSignedBy(message: ReceivedWebhook, secret: string): boolean;
  answerNext(...answers: readonly ScriptedAnswer[]): void;
  stop(): Promise<void>;
}

export async function startFakeWebhook(): Promise<FakeWebhook> {
  const received: ReceivedWebhook[] = [];
  const answers: ScriptedAnswer[] = [];
  const { origin, stop } = await startFakeHttp((request, response) => {
    const answered = answers.shift() ?? 'ok';
    received.push(receivedOf(request, answered));
    answerAs(response, answered, () => response.writeHead(204).end());
  });
  return {
    url: `${origin}/arrears`,
    received,
    get accepted() {
      return received.filter(({ answered }) => answered === 'ok');
    },
    isSignedBy: ({ id, timestamp, raw, signatures }, secret) => {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      return signatures.includes(`v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${raw}`).digest('base64')}`);
    },
    answerNext: (...next) => void answers.push(...next),
    stop,
  };
}

function receivedOf({ headers, raw, at }: FakeRequest, answered: ScriptedAnswer): ReceivedWebhook {
  return {
    id: String(headers['webhook-id']),
    timestamp: String(headers['webhook-timestamp']),
    signatures: String(headers['webhook-signature']).split(' '),
    raw,
    body: JSON.parse(raw) as unknown,
    headers,
    at,
    answered,
  };
}
