import type { Database } from '../database';
import { KnownAtInFuture, KnownAtInvalid } from '../errors';
import type { Position, Tx } from '../types';

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})$/;
const RFC_3339_MICROSECONDS = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

export interface KnownAt {
  position: Position;
  knownAt: string;
}

/** The latest settled position and when it was settled; position 0 in an empty log. */
export async function latestSettled(tx: Tx): Promise<{ position: Position; settledAt: string }> {
  const [row] = await tx.query<{ position: Position; settled_at: string }>(
    `SELECT position, to_char(settled_at AT TIME ZONE 'UTC', ${RFC_3339_MICROSECONDS}) AS settled_at FROM es.settled ORDER BY position DESC LIMIT 1`,
  );
  return row === undefined
    ? { position: 0n, settledAt: '1970-01-01T00:00:00.000000Z' }
    : { position: row.position, settledAt: row.settled_at };
}

/** The instant from which a settled position is known: as `knownAt` it names that position, or a later one settled in the same step. */
export async function settledAt(tx: Tx, position: Position): Promise<string | null> {
  const [row] = await tx.query<{ settled_at: string }>(
    `SELECT to_char(settled_at AT TIME ZONE 'UTC', ${RFC_3339_MICROSECONDS}) AS settled_at FROM es.settled WHERE position >= $1 ORDER BY position LIMIT 1`,
    [position],
  );
  return row?.settled_at ?? null;
}

/**
 * The highest position that was settled at an instant; the latest when none is named. Asked again, it gives the same answer for ever.
 * Throws KnownAtInvalid and KnownAtInFuture.
 */
export async function resolveKnownAt(database: Database, tx: Tx, knownAt: string | undefined): Promise<KnownAt> {
  if (knownAt === undefined) {
    const { position, settledAt } = await latestSettled(tx);
    return { position, knownAt: settledAt };
  }
  const instant = checkedInstant(knownAt);
  const [settled] = await tx.query<{ position: Position | null; known_at: string; closed: boolean }>(
    `SELECT (SELECT position FROM es.settled WHERE settled_at <= $1::timestamptz ORDER BY settled_at DESC LIMIT 1) AS position,
            to_char($1::timestamptz AT TIME ZONE 'UTC', ${RFC_3339_MICROSECONDS}) AS known_at,
            EXISTS (SELECT FROM es.settled WHERE settled_at >= $1::timestamptz) AS closed`,
    [instant],
  );
  if (settled === undefined) throw new KnownAtInvalid(knownAt);
  // Marks rise with time, so an instant before a mark that is seen cannot gain another position.
  if (settled.closed) return { position: settled.position ?? 0n, knownAt: settled.known_at };
  const position = await positionKnownRecently(database, instant, knownAt);
  if (position > (settled.position ?? 0n)) await checkVisible(tx, position);
  return { position, knownAt: settled.known_at };
}

/** An instant after the last mark may meet a settling step in flight, which only a fresh snapshot behind its lock can see. */
async function positionKnownRecently(database: Database, instant: string, knownAt: string): Promise<Position> {
  const [row] = await database.statement<{ position: Position; in_future: boolean }>(
    'SELECT position, in_future FROM es.position_known_at($1::timestamptz)',
    [instant],
  );
  if (row === undefined || row.in_future) throw new KnownAtInFuture(knownAt);
  return row.position;
}

/** A snapshot older than the mark must be taken anew: Database repeats a transaction that failed to serialise. */
async function checkVisible(tx: Tx, position: Position): Promise<void> {
  await tx.query(
    `DO $$ BEGIN
       IF NOT EXISTS (SELECT FROM es.settled WHERE position >= ${position}) THEN
         RAISE EXCEPTION 'the snapshot is older than the position asked for' USING ERRCODE = '40001';
       END IF;
     END $$`,
  );
}

function checkedInstant(text: string): string {
  const match = INSTANT.exec(text);
  if (match === null) throw new KnownAtInvalid(text);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [number, number, number, number, number, number];
  const daysInMonth = new Date(Date.UTC(2000, month, 0)).getUTCDate() - (month === 2 && !isLeapYear(year) ? 1 : 0);
  const zone = match[8] as string;
  const zoneOk = zone.length === 1 || (Number(zone.slice(1, 3)) <= 14 && Number(zone.slice(4)) <= 59);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > daysInMonth || hour > 23 || minute > 59 || second > 59 || !zoneOk)
    throw new KnownAtInvalid(text);
  // PostgreSQL rounds the seventh digit, which could carry an instant of now into the future.
  const fraction = (match[7] ?? '').slice(0, 6);
  return `${text.slice(0, 10)}T${text.slice(11, 19)}${fraction === '' ? '' : `.${fraction}`}${zone}`;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
