/** Everything the edge accepts has a limit and every limit has a name. Sizes in bytes, times in milliseconds unless the name says otherwise. */
export const JSON_BODY_BYTES_MAX = 1024 * 1024;
/** A streamed import; five million receivables are about 0.7 GiB of CSV. */
export const STREAM_BODY_BYTES_MAX = 4 * 1024 * 1024 * 1024;
/** A path parameter: identifiers come from other systems and may be long. */
export const PATH_PARAMETER_LENGTH_MAX = 255;
export const PAGE_LIMIT_MAX = 100;
export const PAGE_LIMIT_DEFAULT = 50;
export const EVENT_PAGE_LIMIT_MAX = 1000;
export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;
export const REQUEST_ID_LENGTH_MAX = 128;
/** A handler that has not answered by then is reported as timed out; streamed bodies and event streams are exempt. */
export const HANDLER_TIMEOUT_MS = 30_000;
/** The slowest upload that is still received: headers and body together. */
export const RECEIVE_TIMEOUT_MS = 30 * 60_000;
export const HEADERS_TIMEOUT_MS = 20_000;
export const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** Silence after which an event stream sends a comment, so that proxies keep it open. */
export const STREAM_HEARTBEAT_MS = 15_000;
/** What a client is told to wait when the server cannot answer yet. */
export const RETRY_AFTER_SECONDS = 1;
/** Problems list at most so many input errors; the rest would only be repeated on the next attempt. */
export const PROBLEM_ERRORS_MAX = 100;
