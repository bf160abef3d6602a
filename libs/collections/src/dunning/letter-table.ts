import type { LetterFact, LetterState } from '@app/credit-domain';
import { localDate } from '@app/credit-domain';
import type { Position, StoredEvent, Tx } from '@app/event-store';
import { dataOf } from '../event-data';

/** One stream a debtor: whoever writes a letter has seen every other letter of the debtor, or is told to look again. */
export const DUNNING = 'dunning';

export interface LetterRow {
  readonly letter_id: string;
  readonly debtor_id: string;
  readonly stream_version: number;
  readonly position: Position;
  readonly run_id: string;
  readonly policy_id: string;
  readonly policy_version: number;
  readonly level: number;
  readonly channel: 'letter' | 'email';
  readonly as_of: string;
  readonly state: LetterState;
  readonly sent_on: string | null;
  readonly failure: string | null;
  readonly currency: string;
  readonly total: bigint;
  readonly fee: bigint | null;
  readonly fee_currency: string | null;
  readonly receivable_ids: readonly string[];
}

const INSERT = `
  INSERT INTO cl.dunning_letter (tenant_id, letter_id, debtor_id, stream_version, position, run_id, policy_id, policy_version, level, channel, as_of,
                                 state, currency, total, fee, fee_currency, receivable_ids)
  SELECT $1, x.* FROM jsonb_to_recordset($2::jsonb) AS x(letter_id uuid, debtor_id text, stream_version int, position bigint, run_id uuid,
    policy_id uuid, policy_version int, level int, channel text, as_of date, state text, currency text, total bigint, fee bigint, fee_currency text,
    receivable_ids text[])
  ON CONFLICT (tenant_id, letter_id) DO NOTHING`;

const UPDATE = `
  UPDATE cl.dunning_letter l
     SET state = x.state, stream_version = x.stream_version, sent_on = COALESCE(x.sent_on, l.sent_on), failure = COALESCE(x.failure, l.failure)
    FROM jsonb_to_recordset($2::jsonb) AS x(letter_id uuid, stream_version int, state text, sent_on date, failure text)
   WHERE l.tenant_id = $1 AND l.letter_id = x.letter_id AND l.stream_version < x.stream_version`;

interface Change {
  readonly letter_id: string;
  readonly stream_version: number;
  readonly state: LetterState;
  readonly sent_on: string | null;
  readonly failure: string | null;
}

/** Brings the table up to date with events in the order of their positions; telling it of one twice changes nothing. */
export async function applyLetterEvents(tx: Tx, tenantId: number, events: readonly StoredEvent[]): Promise<void> {
  const issued = events.filter(({ type }) => type === 'DunningLetterIssued').map(issuedRow);
  if (issued.length > 0) await tx.execute(INSERT, [tenantId, JSON.stringify(issued)]);
  // Of several changes of one letter in a page the last one says it all; what an earlier one found out is kept in it.
  const changes = new Map<string, Change>();
  for (const event of events) {
    const change = changeOf(event);
    if (change === null) continue;
    const known = changes.get(change.letter_id);
    changes.set(change.letter_id, {
      ...change,
      failure: change.failure ?? known?.failure ?? null,
      sent_on: change.sent_on ?? known?.sent_on ?? null,
    });
  }
  if (changes.size > 0) await tx.execute(UPDATE, [tenantId, JSON.stringify([...changes.values()])]);
}

function issuedRow(event: StoredEvent) {
  const data = dataOf('DunningLetterIssued', event);
  return {
    ...{ letter_id: data.letterId, debtor_id: data.debtorId, stream_version: event.version, position: String(event.position) },
    ...{ run_id: data.runId, policy_id: data.policyId, policy_version: data.policyVersion, level: data.level, channel: data.channel },
    ...{ as_of: event.effectiveOn, state: 'issued', currency: data.currency, total: data.total },
    ...{ fee: data.fee?.amount ?? null, fee_currency: data.fee?.currency ?? null },
    receivable_ids: data.items.map(({ receivableId }) => receivableId),
  };
}

function changeOf(event: StoredEvent): Change | null {
  const letterId = event.data['letterId'];
  const common = { letter_id: typeof letterId === 'string' ? letterId : '', stream_version: event.version, sent_on: null, failure: null };
  switch (event.type) {
    case 'DunningLetterSending':
      return { ...common, state: 'sending' };
    case 'DunningLetterSent':
      return { ...common, state: 'sent', sent_on: event.effectiveOn };
    case 'DunningLetterFailed':
      return { ...common, state: 'failed', failure: dataOf('DunningLetterFailed', event).cause };
    case 'DunningLetterWithdrawn':
      // Who withdrew it said why; what withdrew itself says so here.
      return {
        ...common,
        state: 'withdrawn',
        failure: dataOf('DunningLetterWithdrawn', event).cause === 'nothing-owed' ? 'nothing-owed' : null,
      };
    default:
      return null;
  }
}

/** The letters of debtors, each debtor's oldest first, with the version of its stream that the table has seen. */
export async function lettersOfDebtors(
  tx: Tx,
  tenantId: number,
  debtorIds: readonly string[],
): Promise<Map<string, { letters: LetterFact[]; streamVersion: number }>> {
  const rows = await tx.query<LetterRow>(
    `SELECT letter_id, debtor_id, stream_version, level, state, sent_on, receivable_ids FROM cl.dunning_letter
     WHERE tenant_id = $1 AND debtor_id = ANY($2::text[]) ORDER BY debtor_id, position`,
    [tenantId, debtorIds],
  );
  const debtors = new Map<string, { letters: LetterFact[]; streamVersion: number }>();
  for (const row of rows) {
    const debtor = debtors.get(row.debtor_id) ?? { letters: [], streamVersion: 0 };
    debtors.set(row.debtor_id, debtor);
    debtor.streamVersion = Math.max(debtor.streamVersion, row.stream_version);
    debtor.letters.push({
      ...{ letterId: row.letter_id, level: row.level, state: row.state, receivableIds: row.receivable_ids },
      sentOn: row.sent_on === null ? null : localDate(row.sent_on),
    });
  }
  return debtors;
}

export async function letterById(tx: Tx, tenantId: number, letterId: string): Promise<LetterRow | undefined> {
  const [row] = await tx.query<LetterRow>('SELECT * FROM cl.dunning_letter WHERE tenant_id = $1 AND letter_id = $2', [tenantId, letterId]);
  return row;
}
