import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Explanation, MeasuredEvaluation } from '@app/credit-domain';
import { explanationOf } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import type { LargestDebtor } from '@app/receivables';
import { ListLargestDebtorsQuery } from '@app/receivables';
import { viewOf } from './view-of';

/** How many debtors a message names. */
const DEBTORS_NAMED = 5;

/**
 * Says why a figure is what it is, for a message: its bridges as printed, its largest debtors, and the view it speaks about. One statement over the
 * entries of the book, so it is asked for what is told, and for the head of a group, not for every member of it.
 */
@Injectable()
export class Explainer {
  constructor(
    private readonly queries: QueryBus,
    @Inject(EVENT_STORE) private readonly store: EventStore,
  ) {}

  /**
   * `position` is what was known when the figure was taken: the one of its close, or the latest settled one for a signal. Reads in the deciding
   * transaction and writes nothing. Debtors are left out where they cannot be told yet: late is worse than without them.
   */
  async explain(
    tx: Tx,
    { tenantId, evaluation, position }: { readonly tenantId: number; readonly evaluation: MeasuredEvaluation; readonly position: Position },
  ): Promise<Explanation> {
    const debtors = await this.#largestDebtors(tx, tenantId, evaluation, position);
    const knownAt = await this.store.settledAt(tx, position);
    return explanationOf(evaluation, debtors, viewOf(evaluation, knownAt));
  }

  async #largestDebtors(tx: Tx, tenantId: number, evaluation: MeasuredEvaluation, position: Position): Promise<readonly LargestDebtor[]> {
    const { part, asOf, baseAsOf, inputs } = evaluation;
    const { currency } = inputs;
    if (part === null || typeof currency !== 'string') return [];
    const request = { tenantId, asOf, baseAsOf, position, part, currency, limit: DEBTORS_NAMED };
    try {
      return (await this.queries.execute(new ListLargestDebtorsQuery(tx, request))) ?? [];
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  }
}
