/** One record of a file as text. */
export interface FileRecord {
  /** Place in the file, counted in records: in CSV the header is 1, in NDJSON the first line is. */
  readonly row: number;
  readonly cells: readonly string[];
  /** NDJSON only: names of the cells beyond the known columns. */
  readonly extraNames?: readonly string[];
  /** Why this is no record; `cells` then holds the line as it came. */
  readonly broken?: string;
}

/** Cuts decoded text into records; holds at most one record and one piece of text. */
export interface RecordReader {
  push(text: string): FileRecord[];
  /** The records left when the text has ended. */
  end(): FileRecord[];
}
