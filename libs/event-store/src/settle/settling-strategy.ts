import type { Database } from '../database';
import type { Position } from '../types';

/** What one look at the log found: the mark, and what a candidate still waits for. */
export interface SettlingLook {
  mark: Position;
  /** Handed to the next look of the same step; undefined when the step is over. */
  pending: PendingCandidate | undefined;
}

export interface PendingCandidate {
  candidate: Position;
  waitingFor: string | readonly string[];
}

/**
 * Finds out that no running transaction can still commit a position at or below a candidate.
 * `sequence-lock`: nobody who held the lock on the position sequence when the candidate was read is left.
 * `horizon`: every transaction that ran in the cluster when the candidate was read has ended.
 */
export interface SettlingStrategy {
  readonly name: 'sequence-lock' | 'horizon';
  look(database: Database, pending: PendingCandidate | undefined): Promise<SettlingLook>;
}

interface LookRow {
  mark: Position | null;
  candidate: Position;
  waiting_for: string | string[] | null;
}

function lookWith(name: SettlingStrategy['name'], sql: string): SettlingStrategy {
  return {
    name,
    async look(database, pending) {
      const [row] = await database.statement<LookRow>(sql, [pending?.candidate ?? null, pending?.waitingFor ?? null]);
      if (row === undefined) throw new Error('the settling step answered nothing');
      return {
        mark: row.mark ?? 0n,
        pending: row.waiting_for === null ? undefined : { candidate: row.candidate, waitingFor: row.waiting_for },
      };
    },
  };
}

export const sequenceLockStrategy = lookWith(
  'sequence-lock',
  'SELECT mark, candidate, holders AS waiting_for FROM es.settle_by_sequence_lock($1::bigint, $2::text[])',
);

export const horizonStrategy = lookWith(
  'horizon',
  'SELECT mark, candidate, horizon AS waiting_for FROM es.settle_by_horizon($1::bigint, $2::text)',
);
