import { SetMetadata } from '@nestjs/common';

export const STREAMED_TYPES = Symbol('streamed content types');

/**
 * The route takes its body as a stream of one of these content types: `@Body() body: Readable`. The stream ends with a 413 problem beyond
 * `STREAM_BODY_BYTES_MAX`; every other content type is answered 415. Content types must be among `STREAMABLE_TYPES`.
 */
export const Streams = (...contentTypes: readonly [StreamableType, ...StreamableType[]]): MethodDecorator =>
  SetMetadata(STREAMED_TYPES, contentTypes);

/** Bodies that are not parsed but handed on as they arrive. */
export const STREAMABLE_TYPES = ['text/csv', 'application/x-ndjson', 'application/x-www-form-urlencoded', 'multipart/form-data'] as const;
export type StreamableType = (typeof STREAMABLE_TYPES)[number];

/** The content types a handler streams; empty for routes with a JSON body or none. */
export function streamedTypesOf(handler: object): readonly string[] {
  const types: unknown = Reflect.getMetadata(STREAMED_TYPES, handler);
  return Array.isArray(types) ? types.map(String) : [];
}
