/** Everything an import accepts has a limit and every limit has a name. Lengths in characters, sizes in bytes, unless the name says otherwise. */
export const IMPORT_BYTES_MAX = 4 * 1024 * 1024 * 1024;
/** An upload is kept in pieces of this size, so that neither side ever holds a file. */
export const CHUNK_BYTES = 512 * 1024;
/** The first record has to name the columns within this many characters. */
export const HEADER_LENGTH_MAX = 64 * 1024;
/** One record, quoted line breaks included. What is longer has, in practice, a quote that was never closed. */
export const RECORD_LENGTH_MAX = 256 * 1024;
export const COLUMNS_MAX = 256;
export const COLUMN_NAME_LENGTH_MAX = 128;
export const CELL_LENGTH_MAX = 16_384;
export const IDENTIFIER_LENGTH_MAX = 128;
/** Segment, class, entity: they lead keys and label figures. */
export const LABEL_LENGTH_MAX = 64;
/** What is kept of a line that is no record. */
export const BROKEN_LINE_LENGTH_MAX = 4_096;
export const TERMS_DAYS_MAX = 3_650;

/** Rows decided and recorded in one transaction. */
export const ROWS_PER_BATCH = 10_000;
/** Debtors remembered between the batches of one import; beyond it the memory is emptied and filled anew. */
export const DEBTORS_REMEMBERED_MAX = 50_000;
/** Failures of one import without progress in between, after which it is given up and the next one starts. */
export const FAILURES_MAX = 5;
/** How long a finished import waits for the figures to include it, per attempt. */
export const PROJECTION_WAIT_MS = 5_000;

/** Uploads and refused rows hold personal data in clear text: they go after this many days. */
export const UPLOAD_RETENTION_DAYS = 30;
/** An upload that broke off is removed after this many hours. */
export const BROKEN_UPLOAD_RETENTION_HOURS = 24;
