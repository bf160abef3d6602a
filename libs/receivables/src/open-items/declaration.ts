import type { LocalDate, ReceivableKind } from '@app/credit-domain';
import { isReceivableKind, parseLocalDate } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { ENTITY_DEFAULT } from '../import-file/rows/receivable-row';

/** What a list of open items says of itself: it is complete for an entity and kinds on a date. */
export interface OpenItemsDeclaration {
  readonly asOf: LocalDate;
  readonly entityId: string;
  /** null = the kinds its rows name. */
  readonly kinds: readonly ReceivableKind[] | null;
  /** The share of the open amount it may leave out without being asked, a fraction from 0 to 1; null = the default. */
  readonly maxVanishedShare: string | null;
}

/** The same as sent, before it is checked. */
export interface StatedDeclaration {
  readonly asOf?: string | undefined;
  readonly entityId?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly maxVanishedShare?: string | undefined;
}

const SHARE = /^(?:0(?:\.\d{1,6})?|1(?:\.0{1,6})?)$/;

/** `today` is left out for a declaration that was accepted before. @throws Refusal `as-of-missing`, `date-invalid`, `as-of-in-future`, `kind-unknown`, `fraction-out-of-range` */
export function openItemsDeclaration({ asOf, entityId, kinds, maxVanishedShare }: StatedDeclaration, today?: string): OpenItemsDeclaration {
  if (asOf === undefined || asOf === '') {
    throw new Refusal('as-of-missing', 'A list of open items says on which date they were open: send ?asOf=YYYY-MM-DD.', [
      { field: 'asOf' },
    ]);
  }
  const date = parseLocalDate(asOf);
  if (date === undefined) throw new Refusal('date-invalid', `${asOf} is no date of the calendar written YYYY-MM-DD.`, [{ field: 'asOf' }]);
  if (today !== undefined && date > today)
    throw new Refusal('as-of-in-future', `Nobody knows yet what is open on ${asOf}.`, [{ field: 'asOf' }]);
  const declared = kinds?.map((kind) => {
    if (isReceivableKind(kind)) return kind;
    throw new Refusal('kind-unknown', `${JSON.stringify(kind)} is no kind of receivable.`, [{ field: 'kinds' }]);
  });
  if (maxVanishedShare !== undefined && !SHARE.test(maxVanishedShare)) {
    throw new Refusal('fraction-out-of-range', 'maxVanishedShare is a fraction from 0 to 1, like 0.25.', [{ field: 'maxVanishedShare' }]);
  }
  return {
    asOf: date,
    entityId: entityId ?? ENTITY_DEFAULT,
    kinds: declared === undefined || declared.length === 0 ? null : declared,
    maxVanishedShare: maxVanishedShare ?? null,
  };
}
