import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the fake does with one request: `ok`, `hang` (takes the message and never answers), `drop` (closes the connection), or a status. */
export type SlackAnswer = 'ok' | 'hang' | 'drop' | { readonly status: number; readonly retryAfter?: string; readonly location?: string };

export interface ReceivedSlackMessage {
  readonly text: string;
  readonly blocks: readonly unknown[];
  /** The whole body, to find ids in. */
  readonly raw: string;
  readonly at: number;
  readonly answered: SlackAnswer;
}

/** An incoming webhook on this machine. Answers come in the order given, then `ok` for ever. */
export interface FakeSlack {
  readonly url: string;
  readonly received: readonly ReceivedSlackMessage[];
  /** Messages it said `ok` to. */
  readonly accepted: readonly ReceivedSlackMessage[];
  answerNext(...answers: readonly SlackAnswer[]): void;
  stop(): Promise<void>;
}

export async function startFakeSlack(): Promise<FakeSlack> {
  const received: ReceivedSlackMessage[] = [];
  const answers: SlackAnswer[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((raw) => {
      const answered = answers.shift() ?? 'ok';
      const body = JSON.parse(raw) as { text?: string; blocks?: unknown[] };
      received.push({ text: body.text ?? '', blocks: body.blocks ?? [], raw, at: Date.now(), answered });
      answer(response, answered);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/services/T000/B000/secret`,
    received,
    get accepted() {
      return received.filter(({ answered }) => answered === 'ok');
    },
    answerNext: (...next) => void answers.push(...next),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function answer(response: ServerResponse, with_: SlackAnswer): void {
  if (with_ === 'hang') return;
  if (with_ === 'drop') {
    response.socket?.destroy();
    return;
  }
  if (with_ === 'ok') {
    response.end('ok');
    return;
  }
  response.statusCode = with_.status;
  if (with_.retryAfter !== undefined) response.setHeader('retry-after', with_.retryAfter);
  if (with_.location !== undefined) response.setHeader('location', with_.location);
  response.end('no');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
