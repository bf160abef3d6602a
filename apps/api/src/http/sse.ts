import type { EdgeReply, EdgeRequest, EdgeServer } from './edge';
import { headerOf } from './edge';
import { STREAM_HEARTBEAT_MS } from './limits';
import { requestIdOf } from './request-context';

/** Bytes that may wait for a client that does not read; beyond it the stream is cut and the client resumes with Last-Event-ID. */
export const STREAM_PENDING_BYTES_MAX = 1024 * 1024;

export interface ServerSentEvent {
  /** Comes back as Last-Event-ID when the client reconnects: put the position of the log here. */
  readonly id?: string;
  readonly event?: string;
  readonly data: unknown;
}

export interface EventStream {
  /** The id of the last event the client has seen, or undefined on a first connection. */
  readonly lastEventId: string | undefined;
  /** Aborted when the client has gone, reads too slowly, or the server stops. */
  readonly signal: AbortSignal;
  send(event: ServerSentEvent): void;
  close(): void;
}

const openStreams = new WeakMap<EdgeServer, Set<EventStream>>();

/**
 * Turns the answer into a stream of server-sent events. The handler takes `@Req()` and `@Res()`, opens the stream once everything that can be
 * refused has been (afterwards there is no problem document any more), and sends until `signal` is aborted.
 */
export function openEventStream(request: EdgeRequest, reply: EdgeReply): EventStream {
  const aborter = new AbortController();
  const raw = reply.raw;
  const streams = openStreams.get(request.server) ?? new Set<EventStream>();
  openStreams.set(request.server, streams);

  reply.hijack();
  raw.writeHead(200, {
    ...definedHeaders(reply.getHeaders()),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    'x-request-id': requestIdOf(request),
  });

  const write = (text: string): void => {
    if (aborter.signal.aborted) return;
    raw.write(text);
    if (raw.writableLength > STREAM_PENDING_BYTES_MAX) stop();
  };
  const heartbeat = setInterval(() => {
    write(':\n\n');
  }, STREAM_HEARTBEAT_MS);
  heartbeat.unref();
  const stop = (): void => {
    if (aborter.signal.aborted) return;
    clearInterval(heartbeat);
    streams.delete(stream);
    aborter.abort();
    raw.end();
  };
  const stream: EventStream = {
    lastEventId: headerOf(request, 'last-event-id'),
    signal: aborter.signal,
    send: (event) => {
      write(formatEvent(event));
    },
    close: stop,
  };
  streams.add(stream);
  raw.on('close', stop);
  write('retry: 1000\n\n');
  return stream;
}

/** Ends every open stream of a server that is closing; otherwise it would wait for clients that never leave. */
export function closeEventStreams(server: EdgeServer): void {
  for (const stream of openStreams.get(server) ?? []) stream.close();
}

/** One event in the wire format; line breaks cannot break out of their field. */
export function formatEvent(event: ServerSentEvent): string {
  const lines: string[] = [];
  if (event.id !== undefined) lines.push(`id: ${oneLine(event.id)}`);
  if (event.event !== undefined) lines.push(`event: ${oneLine(event.event)}`);
  const data = typeof event.data === 'string' ? event.data : JSON.stringify(event.data);
  for (const line of data.split(/\r\n|\r|\n/)) lines.push(`data: ${line}`);
  return `${lines.join('\n')}\n\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\0]/g, ' ');
}

function definedHeaders(headers: ReturnType<EdgeReply['getHeaders']>): Record<string, string | number | string[]> {
  const defined: Record<string, string | number | string[]> = {};
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) defined[name] = value;
  return defined;
}
