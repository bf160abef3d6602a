import type { Database } from '../database';
import type { Position } from '../types';
import type { SealHead } from './sealer';
import { CHAIN_START, type ChainLink, checkSeal, lastStoredPosition, linkOf, type LogProblem, sealAfter } from './verify-log';

/** Problems kept; the count goes on. */
const PROBLEMS_MAX = 20;

/** A seal that was verified earlier. */
export type VerifiedSeal = Pick<SealHead, 'sealNo' | 'toPosition' | 'root'>;

export interface SealsVerification {
  /** The last seal that verified with everything before it in this run; where the next run goes on. Null before the first. */
  readonly verifiedTo: VerifiedSeal | null;
  readonly seals: number;
  /** True when no seal is left. */
  readonly isComplete: boolean;
  readonly problemCount: number;
  readonly problems: readonly LogProblem[];
}

/**
 * Verifies the seals after one that was verified earlier, at most so many: its events by their content, and the chain by its roots. The earlier seal
 * must still be there as it was, or the chain was cut off or rewritten. A part that does not verify is looked at again by the next run, because
 * `verifiedTo` stays before it. Needs the worker role.
 */
export async function verifySeals(database: Database, after: VerifiedSeal | null, sealsMax: number): Promise<SealsVerification> {
  const problems: LogProblem[] = [];
  let problemCount = 0;
  const report = (problem: LogProblem): void => {
    problemCount += 1;
    if (problems.length < PROBLEMS_MAX) problems.push(problem);
  };
  const lastPosition = await lastStoredPosition(database);
  let link = after === null ? CHAIN_START : await linkAgain(database, after, report);
  let verifiedTo = after;
  let seals = 0;
  for (; seals < sealsMax; seals += 1) {
    const seal = await sealAfter(database, link.sealedTo);
    if (seal === undefined) return { verifiedTo, seals, isComplete: true, problemCount, problems };
    await checkSeal(database, seal, link, lastPosition, report);
    link = linkOf(seal);
    if (problemCount === 0) verifiedTo = { sealNo: link.sealNo, toPosition: link.sealedTo, root: link.root.toString('hex') };
  }
  return { verifiedTo, seals, isComplete: false, problemCount, problems };
}

/** The link that the earlier seal left. */
async function linkAgain(database: Database, after: VerifiedSeal, report: (problem: LogProblem) => void): Promise<ChainLink> {
  const seal = await sealAfter(database, after.toPosition - 1n);
  const isThere = seal?.seal_no === after.sealNo && seal.to_position === after.toPosition && seal.root.toString('hex') === after.root;
  if (!isThere) {
    const range: { fromPosition: Position; toPosition: Position } = { fromPosition: after.toPosition, toPosition: after.toPosition };
    report({ kind: 'seal', ...range, detail: `seal ${after.sealNo} is not the one that was verified before` });
  }
  return { sealNo: after.sealNo, sealedTo: after.toPosition, root: Buffer.from(after.root, 'hex') };
}
