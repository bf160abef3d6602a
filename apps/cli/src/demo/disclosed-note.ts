import type { ArrearsApi, Money } from './arrears-api';

/** The note as the disclosure answers it; everything the demo prints of it comes from here and nothing from the generated files. */
export interface DisclosedNote {
  readonly asOf: string;
  readonly comparative: { readonly asOf: string } | null;
  readonly foots: boolean;
  readonly footRule: string;
  readonly kindsLeftOut: readonly string[];
  readonly tables: readonly NoteTable[];
  readonly ties: readonly { readonly what: string; readonly difference: Money }[];
}

export interface NoteTable {
  readonly id: string;
  readonly title: string;
  readonly columns: readonly { readonly id: string; readonly label: string; readonly type: 'amount' | 'rate' | 'text' }[];
  readonly rows: readonly {
    readonly key: string;
    readonly label: string;
    readonly role: string;
    readonly current: Cells;
    readonly comparative: Cells | null;
  }[];
}

type Cells = Readonly<Record<string, NoteCell>>;
export interface NoteCell {
  /** amounts in RMB'000, rates as fractions; null without exposure. */
  readonly value: string | null;
  readonly exact?: Money;
  readonly gap?: string;
}

/** The columns of one year: the run's own, or those of the run beside it. */
export type Side = 'current' | 'comparative';

export function cellAt(
  note: Pick<DisclosedNote, 'tables'>,
  side: Side,
  place: { readonly table: string; readonly row: string; readonly column: string },
): NoteCell | undefined {
  const row = note.tables.find(({ id }) => id === place.table)?.rows.find(({ key }) => key === place.row);
  return row?.[side]?.[place.column];
}

/** Asks for a provision run over every kind and waits for it. */
export async function runProvision(api: ArrearsApi, asOf: string): Promise<string> {
  const { id } = await api.post<{ id: string }>('/v1/provision-runs', { asOf, currency: 'CNY' });
  await api.untilCompleted(`/v1/provision-runs/${id}`);
  return id;
}

export function readNote(api: ArrearsApi, runId: string, comparativeId?: string): Promise<DisclosedNote> {
  const query = { unit: '1000', ...(comparativeId === undefined ? {} : { comparative: comparativeId }) };
  return api.get<DisclosedNote>(`/v1/provision-runs/${runId}/disclosure`, query);
}
