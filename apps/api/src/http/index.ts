/** What a controller needs of the edge. See docs/decisions/0005-http-edge.md for how a feature adds one. */
export { type EdgeReply, type EdgeRequest, headerOf } from './edge';
export { entityTag, IfMatch } from './etag';
export * from './figures';
export { EVENT_PAGE_LIMIT_MAX } from './limits';
export * from './money';
export * from './pagination';
export { Permit, Public } from './permit.decorator';
export { readForm } from './read-form';
export { notFound, ProblemException } from './problem';
export { Context } from './request-context';
export { Returns } from './returns.decorator';
export { ShownOnce } from './secret-fields';
export { openEventStream, type EventStream } from './sse';
export { Streams } from './streams.decorator';
