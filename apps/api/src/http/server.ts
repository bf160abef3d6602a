import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { headerOf, type EdgeReply, type EdgeRequest, type EdgeServer } from './edge';
import {
  HEADERS_TIMEOUT_MS,
  JSON_BODY_BYTES_MAX,
  KEEP_ALIVE_TIMEOUT_MS,
  PATH_PARAMETER_LENGTH_MAX,
  RECEIVE_TIMEOUT_MS,
  STREAM_BODY_BYTES_MAX,
} from './limits';
import { MeteredBody, tooLarge } from './metered-body';
import { sendProblem } from './problem.filter';
import { problemOf } from './problem-mapping';
import { requestIdOf } from './request-context';
import { closeEventStreams } from './sse';
import { STREAMABLE_TYPES } from './streams.decorator';

/** Nothing of an API answer may be framed, sniffed, cached by strangers or run. Pages (docs, the web application) may use what they brought along. */
const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
} as const;
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
const PAGE_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const BAD_REQUEST_LINE = JSON.stringify({
  type: '/problems/malformed-request',
  title: 'Malformed request',
  status: 400,
  code: 'malformed-request',
  detail: 'The request is not valid HTTP.',
  instance: '',
  requestId: '',
});

/** The HTTP server with its limits. No CORS: browsers reach the API from its own origin only. */
export function createAdapter(): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: JSON_BODY_BYTES_MAX,
    requestTimeout: RECEIVE_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    http: { headersTimeout: HEADERS_TIMEOUT_MS },
    routerOptions: { maxParamLength: PATH_PARAMETER_LENGTH_MAX },
    // A request that reached a closing server is still answered; the sockets are closed once idle.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // No middleware runs here, so its plugin need not either.
    skipMiddie: true,
    clientErrorHandler: (error: Error, socket: Socket) => {
      if (socket.writable && 'code' in error && error.code !== 'ECONNRESET') {
        socket.end(
          `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${String(BAD_REQUEST_LINE.length)}\r\nConnection: close\r\n\r\n${BAD_REQUEST_LINE}`,
        );
      } else {
        socket.destroy();
      }
    },
    frameworkErrors: (error: Error, request: EdgeRequest, reply: EdgeReply) => {
      // The router refused the address before any hook ran.
      setHeaders(request, reply);
      sendProblem({ ...problemOf(adapter.mapException(error), { ifMatch: false }) }, request, reply);
    },
  });
  const server = adapter.getInstance<EdgeServer>();
  server.addHook('onRequest', (request, reply, done) => {
    setHeaders(request, reply);
    done();
  });
  server.addHook('preClose', (done) => {
    closeEventStreams(server);
    done();
  });
  addBodyParsers(server);
  return adapter;
}

function setHeaders(request: EdgeRequest, reply: EdgeReply): void {
  const isApi = request.url.startsWith('/v1') || request.url.startsWith('/health') || request.url.startsWith('/openapi');
  void reply.headers({
    ...SECURITY_HEADERS,
    'content-security-policy': isApi ? API_POLICY : PAGE_POLICY,
    ...(isApi && { 'cache-control': 'no-store' }),
    'x-request-id': requestIdOf(request),
  });
}

/** JSON is parsed, streamable types are handed on; everything else is 415. An empty JSON body counts as none. */
function addBodyParsers(server: EdgeServer): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text, done) => {
    if (text.length === 0) done(null, undefined);
    else void parseJson(request, text.toString(), done);
  });
  server.addContentTypeParser([...STREAMABLE_TYPES], (request, payload, done) => {
    if (Number(request.headers['content-length'] ?? 0) > STREAM_BODY_BYTES_MAX) {
      done(tooLarge(STREAM_BODY_BYTES_MAX));
      return;
    }
    const body = new MeteredBody(STREAM_BODY_BYTES_MAX, { hashed: headerOf(request, 'idempotency-key') !== undefined });
    payload.on('error', (error: Error) => body.destroy(error));
    payload.on('aborted', () => body.destroy(new Error('The client broke off the upload.')));
    done(null, payload.pipe(body));
  });
}
