import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What a fake does with one request: `ok`; `hang` and `drop` take the message and then never answer or close the connection; `lose` closes it
 * without having taken the message; or a status.
 */
export type ScriptedAnswer =
  'ok' | 'hang' | 'drop' | 'lose' | { readonly status: number; readonly retryAfter?: string; readonly location?: string };

export interface FakeRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly raw: string;
  /** Milliseconds since the epoch, when all of it had arrived. */
  readonly at: number;
}

export interface FakeHttp {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** An HTTP server on this machine. */
export async function startFakeHttp(handle: (request: FakeRequest, response: ServerResponse) => void): Promise<FakeHttp> {
  const server = createServer((request, response) => {
    void bodyOf(request).then(
      (raw) => {
        handle({ path: request.url ?? '', headers: request.headers, raw, at: Date.now() }, response);
      },
      // The client went away before it had said everything.
      () => undefined,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${String(port)}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Answers as the script says; `ok` is what a good answer looks like here. */
export function answerAs(response: ServerResponse, answer: ScriptedAnswer, ok: () => void): void {
  if (answer === 'hang') return;
  if (answer === 'drop' || answer === 'lose') {
    response.socket?.destroy();
    return;
  }
  if (answer === 'ok') {
    ok();
    return;
  }
  response.statusCode = answer.status;
  if (answer.retryAfter !== undefined) response.setHeader('retry-after', answer.retryAfter);
  if (answer.location !== undefined) response.setHeader('location', answer.location);
  response.end('no');
}

/** Whether the message is with the receiver after this answer, whatever the sender was told. */
export function isTaken(answer: ScriptedAnswer): boolean {
  return answer === 'ok' || answer === 'hang' || answer === 'drop';
}

/** So many messages a second: the answer to one that comes too early, or null. What is refused does not count. */
export function rateLimiter(perSecond: number | undefined, toleranceMs = 50): (at: number) => ScriptedAnswer | null {
  const intervalMs = perSecond === undefined ? 0 : 1_000 / perSecond;
  let last = Number.NEGATIVE_INFINITY;
  return (at) => {
    if (at - last < intervalMs - toleranceMs) return { status: 429, retryAfter: String(Math.max(1, Math.ceil(intervalMs / 1_000))) };
    last = at;
    return null;
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
