import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SlackReceiver {
  readonly webhookUrl: string;
  /** The texts of every message received, each block on a line of its own. */
  readonly messages: readonly string[];
  stop(): Promise<void>;
}

/** A local stand-in for a Slack incoming webhook: takes the JSON message and answers `ok`, as Slack does. */
export async function startSlackReceiver(): Promise<SlackReceiver> {
  const messages: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const payload: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
      messages.push(textsOf(payload).join('\n'));
      response.writeHead(200, { 'content-type': 'text/html' }).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    webhookUrl: `http://127.0.0.1:${String(port)}/services/T0/B0/demo`,
    messages,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** Every text of the blocks in order; of a message without blocks its plain text. */
function textsOf(payload: unknown): string[] {
  if (typeof payload !== 'object' || payload === null) return [];
  const { blocks, text } = payload as { blocks?: unknown; text?: unknown };
  if (blocks === undefined) return typeof text === 'string' ? [text] : [];
  return collectTexts(blocks);
}

function collectTexts(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(collectTexts);
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]: [string, unknown]) =>
    name === 'text' && typeof value === 'string' ? [value] : collectTexts(value),
  );
}
