import type { FastifyAdapter } from '@nestjs/platform-fastify';

/** The request and the reply of the HTTP server, taken from the adapter so that no file names the server's own package. */
export type EdgeRequest = Parameters<FastifyAdapter['getRequestMethod']>[0];
export type EdgeReply = Parameters<FastifyAdapter['redirect']>[0];
export type EdgeServer = EdgeRequest['server'];

/** The one value of a request header, or undefined; a header sent twice counts as not sent. */
export function headerOf(request: EdgeRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
