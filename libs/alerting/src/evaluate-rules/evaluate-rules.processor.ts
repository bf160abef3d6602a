import { Injectable } from '@nestjs/common';
import type { Processor, StoredEvent, Tx } from '@app/event-store';
import { Intents } from '@app/platform';
import { EVALUATE } from '../alerting-log';
import { positionNumber } from '../ids';

/** A close is judged once all its figures are there, so that coverage and ageing are told together; and again when it is computed anew. */
const CLOSE_EVENTS = ['CloseCompleted'];
const RULE_EVENTS = ['AlertRuleDefined', 'AlertRuleAmended'];

/**
 * Hears that a close has figures or that a rule is new, and asks for an evaluation: the checkpoint and the intent are one transaction, so no
 * close is forgotten. Hearing an event again asks again, and the evaluation then decides nothing new.
 */
@Injectable()
export class EvaluateRulesProcessor implements Processor {
  readonly name = 'alerting-evaluate-rules';
  readonly lanes = 1;
  readonly eventTypes = [...CLOSE_EVENTS, ...RULE_EVENTS];
  readonly onError = 'park' as const;

  constructor(private readonly intents: Intents) {}

  async apply(tx: Tx, page: { tenantId: number; events: () => Promise<StoredEvent[]> }): Promise<void> {
    const latest = new Map<string, StoredEvent>();
    for (const event of await page.events()) latest.set(RULE_EVENTS.includes(event.type) ? 'rules' : event.key, event);
    for (const [key, event] of latest) {
      const payload = { position: positionNumber(event.position), correlationId: event.correlationId };
      await this.intents.request(tx, page.tenantId, { kind: EVALUATE, key, payload });
    }
  }
}
