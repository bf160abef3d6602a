import type { Readable } from 'node:stream';
import { CommandFailure } from './command-failure';

const URL_DEFAULT = 'http://127.0.0.1:3000';

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string | Readable;
}

/**
 * Calls the api that ARREARS_URL names with the key of ARREARS_KEY and gives the body as text.
 * @throws CommandFailure with what the api says
 */
export async function callApi(request: ApiRequest): Promise<string> {
  const key = process.env['ARREARS_KEY'];
  if (key === undefined || key === '') throw new CommandFailure('Set ARREARS_KEY to an API key.');
  const base = process.env['ARREARS_URL'] ?? URL_DEFAULT;
  const body = request.body === undefined ? {} : { body: request.body, duplex: 'half' as const };
  let response: Response;
  try {
    response = await fetch(`${base}${request.path}`, {
      method: request.method,
      headers: { authorization: `Bearer ${key}`, ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }) },
      ...(body as RequestInit),
    });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new CommandFailure(`${base} does not answer (${cause}); set ARREARS_URL.`);
  }
  const text = await response.text();
  if (response.ok) return text;
  throw new CommandFailure(`${request.method} ${request.path}: ${String(response.status)} ${problemOf(text)}`);
}

function problemOf(text: string): string {
  try {
    const { code, detail } = JSON.parse(text) as { code?: string; detail?: string };
    return `${code ?? ''} ${detail ?? ''}`.trim();
  } catch {
    return text.slice(0, 200);
  }
}
