import type { Processor, Tx } from '@app/event-store';
import { CLOCK, Intents, type Clock } from '@app/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CLOSE_CATEGORY } from '../closes/close.fold';

export const RECOMPUTE_JOB = 'recompute';
/** One book, one intent: however many facts arrive while it waits, it runs once. */
export const RECOMPUTE_KEY = 'book';
/** Long enough that a bulk import makes few recomputations, short enough that nobody waits for a single correction. */
const COALESCE_MS = 750;

/** Whatever can move a figure of a close: exposure, exchange rates, segments, and every policy two people agreed on. */
export const FIGURE_MOVING_EVENTS = [
  'ReceivableRecognised',
  'ReceivableMovementRecorded',
  'DebtorAmended',
  'FxRateRecorded',
  'LossRateSetApproved',
  'IndividualAssessmentApproved',
  'StagingPolicyApproved',
  'StageAssignmentApproved',
  'ForwardLookingSetApproved',
  'OverlayApproved',
  'CreditEnhancementApproved',
] as const;

type Page = Parameters<Processor['apply']>[1];

/**
 * Hears that exposure, rates or assessments changed on or before the latest close, and leaves one intent for the book.
 * It asks the log whether there is such a fact and loads none of them. Facts after the latest close, and closes before it, fire nothing:
 * loading an old book is no news.
 */
@Injectable()
export class RecomputeProvisionProcessor implements Processor {
  readonly name = 'provisioning.recompute-provision';
  readonly lanes = 1;
  readonly eventTypes = FIGURE_MOVING_EVENTS;
  readonly onError = 'park';

  constructor(
    @Inject(Intents) private readonly intents: Intents,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async apply(tx: Tx, page: Page): Promise<void> {
    const latest = await latestClose(tx, page.tenantId);
    if (latest === null || !(await hasFactUpTo(tx, page, latest))) return;
    const notBefore = new Date(this.clock.now().getTime() + COALESCE_MS);
    await this.intents.request(tx, page.tenantId, { kind: RECOMPUTE_JOB, key: RECOMPUTE_KEY, payload: {}, notBefore });
  }
}

/** As-of date of the latest close anybody asked for; the key of a close is its date. */
export async function latestClose(tx: Tx, tenantId: number): Promise<string | null> {
  const [row] = await tx.query<{ key: string }>(
    'SELECT key FROM es.stream WHERE tenant_id = $1 AND category = $2 ORDER BY key DESC LIMIT 1',
    [tenantId, CLOSE_CATEGORY],
  );
  return row?.key ?? null;
}

async function hasFactUpTo(tx: Tx, { tenantId, after, upTo }: Page, asOf: string): Promise<boolean> {
  const found = await tx.query(
    `SELECT 1 FROM es.event e
      WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3 AND e.effective_on <= $4
        AND e.type = ANY (ARRAY(SELECT code FROM es.event_type WHERE name = ANY ($5)))
      LIMIT 1`,
    [tenantId, after, upTo, asOf, FIGURE_MOVING_EVENTS],
  );
  return found.length > 0;
}
