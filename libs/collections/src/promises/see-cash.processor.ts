import { Injectable } from '@nestjs/common';
import type { EventPage, Processor, Tx } from '@app/event-store';
import { Intents } from '@app/platform';
import { JUDGE_CLAIMS } from '../case/case-log';

const CASH_EVENTS = ['ReceivableMovementRecorded', 'DebtorCreditRecorded', 'UnclassifiedSettlementClassified'];

/** $1 tenant, $2 after, $3 up to, $4 types. What a settlement turned out to be names no debtor: its receivable's first event does. */
const SEE = `
  INSERT INTO cl.cash_seen AS s (tenant_id, debtor_id, position)
  SELECT $1, c.debtor_id, max(e.position)
  FROM es.event e
  JOIN es.event_type t ON t.code = e.type AND t.name = ANY($4::text[])
  LEFT JOIN es.event f ON t.name = 'UnclassifiedSettlementClassified' AND f.tenant_id = $1 AND f.stream_id = e.stream_id AND f.version = 1
  JOIN cl.debtor_claims c ON c.tenant_id = $1 AND c.debtor_id = COALESCE(e.data->>'debtorId', f.data->>'debtorId') COLLATE "C"
  WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3
  GROUP BY c.debtor_id
  ON CONFLICT (tenant_id, debtor_id) DO UPDATE SET position = GREATEST(s.position, EXCLUDED.position)`;

/**
 * Hears of cash of debtors that have promised something, and asks for a judgement. One statement a page, and none while nobody has promised
 * anything: an import of millions of payments passes.
 */
@Injectable()
export class SeeCashProcessor implements Processor {
  readonly name = 'collections-see-cash';
  readonly lanes = 1;
  readonly eventTypes = CASH_EVENTS;
  readonly onError = 'stop' as const;

  constructor(private readonly intents: Intents) {}

  async apply(tx: Tx, { tenantId, after, upTo }: EventPage): Promise<void> {
    const [claims] = await tx.query('SELECT 1 AS one FROM cl.debtor_claims WHERE tenant_id = $1 LIMIT 1', [tenantId]);
    if (claims === undefined) return;
    const seen = await tx.execute(SEE, [tenantId, after, upTo, CASH_EVENTS]);
    if (seen > 0) await this.intents.request(tx, tenantId, { kind: JUDGE_CLAIMS, key: JUDGE_CLAIMS, payload: {} });
  }
}
