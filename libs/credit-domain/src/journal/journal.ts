import type { BridgeCause, PostedAmount, Posting } from '../bridge';
import { accountCode, type AccountMapping, type AccountRole } from './accounts';

/** A line of a journal in minor units of the presentation currency; one of debit and credit is 0. */
export interface JournalLine {
  /** lines of one entry are booked together and balance. */
  readonly entry: number;
  readonly entityId: string;
  readonly kind: string;
  readonly cause: BridgeCause | 'recoveries';
  readonly account: AccountRole;
  readonly accountCode: string;
  readonly debit: bigint;
  readonly credit: bigint;
  /** income of the period beside the movement of the allowance. */
  readonly memorandum: boolean;
}

export interface JournalInput {
  /** the movement of the allowance as folded by the bridge. */
  readonly postings: readonly PostedAmount[];
  readonly opening: bigint;
  readonly closing: bigint;
  /** money received on what had been written off. */
  readonly recoveries: readonly { readonly entityId: string; readonly kind: string; readonly amount: bigint }[];
  /** entities whose functional currency is not the presentation currency: their exchange differences are other comprehensive income (IAS 21.39). */
  readonly foreignOperations: ReadonlySet<string>;
  readonly mapping: AccountMapping;
}

export interface Journal {
  readonly lines: readonly JournalLine[];
  /** the legs that go through the impairment line; a charge is positive. */
  readonly impairmentLoss: bigint;
  readonly recoveries: bigint;
}

/**
 * The journal of a movement of the allowance, posted by leg (policy, "Journal, posted by leg"):
 *
 * | booked against | when the allowance rises |
 * |---|---|
 * | impairment | Dr impairment loss, Cr allowance |
 * | utilisation (write-off) | always falls: Dr allowance, Cr receivable |
 * | disposal | always falls: Dr allowance, Cr gain or loss on disposal |
 * | interest (unwind) | always falls: Dr allowance, Cr interest income |
 * | exchange | Dr exchange difference, or other comprehensive income of a foreign operation, Cr allowance |
 * | transfer | Dr and Cr allowance of the kinds concerned; where it leads to another entity, each against intercompany |
 *
 * Money recovered on what was written off is Dr cash, Cr impairment loss, marked as a memorandum: it is no movement of the allowance.
 * Every entry belongs to one entity, so the lines of each entity balance: entities keep ledgers of their own. Throws when an entry or a
 * transfer does not balance or the allowance account does not move from opening to closing.
 */
export function journalOf(input: JournalInput): Journal {
  const { postings, recoveries, mapping } = input;
  const drafts = new Map<string, JournalDraft[]>();
  const draft = (entry: string, line: JournalDraft): void => {
    if (line.amount === 0n) return;
    const lines = drafts.get(entry);
    if (lines === undefined) drafts.set(entry, [line]);
    else lines.push(line);
  };
  const handedOver = transfersBetweenEntities(postings);
  for (const { entityId, kind, cause, posting, amount } of postings) {
    const line = { entityId, kind, cause, memorandum: false };
    const entry = `${cause}\n${posting}\n${entityId}`;
    const isHandedOver = posting === 'transfer' && handedOver.has(`${cause}\n${entityId}`);
    const against = isHandedOver ? 'intercompany' : counterAccount(posting, input.foreignOperations.has(entityId));
    if (against !== null) draft(entry, { ...line, account: against, amount });
    draft(entry, { ...line, account: 'allowance', amount: -amount });
  }
  for (const { entityId, kind, amount } of recoveries) {
    const line = { entityId, kind, cause: 'recoveries' as const, memorandum: true };
    draft(`recoveries\n${entityId}`, { ...line, account: 'cash', amount });
    draft(`recoveries\n${entityId}`, { ...line, account: 'impairmentLoss', amount: -amount });
  }
  const lines = [...drafts.values()].flatMap((entry, index) => {
    if (sumOf(entry) !== 0n) throw new Error(`An entry of '${entry[0]?.cause ?? ''}' does not balance.`);
    // Debits first, as journals are read.
    return [...entry.filter(({ amount }) => amount > 0n), ...entry.filter(({ amount }) => amount < 0n)].map(({ amount, ...line }) => ({
      ...line,
      entry: index + 1,
      accountCode: accountCode(mapping, line.account, line.kind),
      debit: amount > 0n ? amount : 0n,
      credit: amount < 0n ? -amount : 0n,
    }));
  });
  const journal = {
    lines,
    impairmentLoss: balanceOf(lines.filter(({ account, memorandum }) => account === 'impairmentLoss' && !memorandum)),
    recoveries: recoveries.reduce((sum, { amount }) => sum + amount, 0n),
  };
  assertMovement(input, journal);
  return journal;
}

/** A line before it is numbered; a debit is positive. */
type JournalDraft = Pick<JournalLine, 'entityId' | 'kind' | 'cause' | 'account' | 'memorandum'> & { readonly amount: bigint };

/** Causes and entities whose transfers end in another entity. Throws when what one allowance gave is not what another took. */
function transfersBetweenEntities(postings: readonly PostedAmount[]): Set<string> {
  const byEntity = new Map<string, bigint>();
  const byCause = new Map<string, bigint>();
  for (const { entityId, cause, posting, amount } of postings) {
    if (posting !== 'transfer') continue;
    const key = `${cause}\n${entityId}`;
    byEntity.set(key, (byEntity.get(key) ?? 0n) + amount);
    byCause.set(cause, (byCause.get(cause) ?? 0n) + amount);
  }
  for (const [cause, amount] of byCause) {
    if (amount !== 0n) throw new Error(`The transfers of '${cause}' do not balance: ${String(amount)} is left.`);
  }
  return new Set([...byEntity].filter(([, amount]) => amount !== 0n).map(([key]) => key));
}

function counterAccount(posting: Posting, isForeignOperation: boolean): AccountRole | null {
  switch (posting) {
    case 'impairment':
      return 'impairmentLoss';
    case 'utilisation':
      return 'receivable';
    case 'disposal':
      return 'disposalResult';
    case 'interest':
      return 'interestIncome';
    case 'exchange':
      return isForeignOperation ? 'otherComprehensiveIncome' : 'exchangeDifference';
    case 'transfer':
      return null;
  }
}

/** Pair assertion: the allowance account moves as the allowance did, and the impairment line is what the legs of profit or loss make up. */
function assertMovement({ postings, opening, closing }: JournalInput, { lines, impairmentLoss }: Journal): void {
  const allowance = -balanceOf(lines.filter(({ account }) => account === 'allowance'));
  if (opening + allowance !== closing) {
    throw new Error(`The journal moves the allowance by ${String(allowance)}, from ${String(opening)} to ${String(closing)}.`);
  }
  const legs = postings.reduce((sum, { posting, amount }) => (posting === 'impairment' ? sum + amount : sum), 0n);
  if (legs !== impairmentLoss) throw new Error(`The impairment line is ${String(impairmentLoss)}, its legs are ${String(legs)}.`);
}

function balanceOf(lines: readonly { readonly debit: bigint; readonly credit: bigint }[]): bigint {
  return lines.reduce((sum, { debit, credit }) => sum + debit - credit, 0n);
}

function sumOf(lines: readonly JournalDraft[]): bigint {
  return lines.reduce((sum, { amount }) => sum + amount, 0n);
}
