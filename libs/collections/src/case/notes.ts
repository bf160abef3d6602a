import { Injectable } from '@nestjs/common';
import type { JsonObject, Tx } from '@app/event-store';
import { PersonalDataVault } from '@app/platform';

/** A text somebody wrote; `erased` when the key of the person it is about is gone. Null = nothing was written. */
export type Note = { readonly text: string; readonly erased: false } | { readonly text: null; readonly erased: true };

/** Whose key a note lies under: the contact it is about, else the debtor. */
export function personOf(debtorId: string, contactId: string | null = null): string {
  return contactId === null ? `debtor/${debtorId}` : `contact/${contactId}`;
}

/** Free text in cases. People write names into it, so it is kept in envelopes. */
@Injectable()
export class Notes {
  constructor(private readonly vault: PersonalDataVault) {}

  async seal(tx: Tx, tenantId: number, person: string, note: string | null): Promise<JsonObject | null> {
    return note === null || note === '' ? null : this.vault.encrypt(tx, tenantId, person, { note });
  }

  /** In the order given, with one statement whatever their number. */
  async open(
    tx: Tx,
    tenantId: number,
    sealed: readonly { readonly person: string; readonly personal: JsonObject | null }[],
  ): Promise<(Note | null)[]> {
    const written = sealed.flatMap(({ person, personal }) => (personal === null ? [] : [{ person, envelope: personal }]));
    const opened = (await this.vault.decryptMany(tx, tenantId, written))[Symbol.iterator]();
    return sealed.map(({ personal }) => (personal === null ? null : noteOf(opened.next().value ?? null)));
  }
}

/** What the envelopes of collections hold: a note, the reason of a hold, or the name of a contact. */
const TEXT_FIELDS = ['note', 'reason', 'name'] as const;

function noteOf(fields: JsonObject | null): Note {
  if (fields === null) return { text: null, erased: true };
  const text = TEXT_FIELDS.map((field) => fields[field]).find((value) => typeof value === 'string');
  return { text: text ?? '', erased: false };
}
