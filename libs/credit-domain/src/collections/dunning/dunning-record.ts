import type { LocalDate } from '../../values';

/** A letter as it stands: asked for, on its way, out, failed or taken back before it was out. */
export type LetterState = 'issued' | 'sending' | 'sent' | 'failed' | 'withdrawn';

export interface LetterFact {
  readonly letterId: string;
  readonly level: number;
  readonly state: LetterState;
  /** The day it went out; null while it has not. */
  readonly sentOn: LocalDate | null;
  readonly receivableIds: readonly string[];
}

/** What a debtor has been sent: the level each item is at, and the letter that has still to go out. */
export interface DunningRecord {
  readonly unsent: LetterFact | null;
  itemAt(receivableId: string): { readonly level: number; readonly sentOn: LocalDate | null };
}

const NEVER_DUNNED = { level: 0, sentOn: null } as const;

/**
 * A function of the letters alone, in whatever order they are told: an item is at the highest level that was sent for it, since the day that
 * letter went out. Whether it or its neighbours have been paid since plays no part, so no payment moves a level or its clock.
 */
export function dunningRecord(letters: readonly LetterFact[]): DunningRecord {
  const items = new Map<string, { level: number; sentOn: LocalDate | null }>();
  let unsent: LetterFact | null = null;
  for (const letter of letters) {
    if (letter.state === 'withdrawn') continue;
    if (letter.state !== 'sent') {
      if (unsent === null || letter.letterId < unsent.letterId) unsent = letter;
      continue;
    }
    for (const receivableId of letter.receivableIds) {
      const known = items.get(receivableId);
      const isHigher = known === undefined || letter.level > known.level;
      const isLater = known?.level === letter.level && (letter.sentOn ?? '') > (known.sentOn ?? '');
      if (isHigher || isLater) items.set(receivableId, { level: letter.level, sentOn: letter.sentOn });
    }
  }
  return { unsent, itemAt: (receivableId) => items.get(receivableId) ?? NEVER_DUNNED };
}
