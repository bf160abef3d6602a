import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { Explanation, MeasuredEvaluation, NamedDebtor } from '@app/credit-domain';
import { explanationOf } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { ListLargestDebtorsQuery } from '@app/receivables';
import { viewOf } from './view-of';

/** What of an evaluation is explained: of one made now, or of an alert read back from the log. */
export type ExplainedFigure = Pick<MeasuredEvaluation, 'labels' | 'asOf' | 'baseAsOf' | 'bridges' | 'part' | 'inputs'>;

const CLOSE_CATEGORY = 'close';
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
   * Of the book as it was known when the figure was taken: at the close of its date as it was last computed, or now where there is no such close.
   * `decidedAt`: the position of a decision in the past, whose figures a later recomputation must not replace. Reads in the transaction it is given
   * and writes nothing. Debtors are left out where they cannot be told yet: a message that comes late is worse than one without them.
   */
  async explain(tx: Tx, tenantId: number, figure: ExplainedFigure, decidedAt?: Position): Promise<Explanation> {
    const position = await this.#positionOf(tx, figure.asOf, decidedAt);
    const currency = currencyOf(figure);
    const debtors = currency === null ? [] : await this.#largestDebtors(tx, tenantId, { ...figure, currency }, position);
    const view = viewOf(figure, await this.store.settledAt(tx, position));
    return explanationOf({ bridges: figure.bridges, baseAsOf: figure.baseAsOf, currency: currency ?? '' }, debtors, view);
  }

  async #positionOf(tx: Tx, asOf: string, decidedAt: Position | undefined): Promise<Position> {
    const computedAt = (await this.store.readStream(tx, CLOSE_CATEGORY, asOf, decidedAt)).flatMap(({ data }) => {
      const { position } = data;
      return typeof position === 'number' ? [BigInt(position)] : [];
    });
    const [latest] = computedAt.sort((left, right) => (left > right ? -1 : left < right ? 1 : 0));
    return latest ?? decidedAt ?? (await this.store.latestSettled(tx)).position;
  }

  async #largestDebtors(
    tx: Tx,
    tenantId: number,
    { part, asOf, baseAsOf, currency }: ExplainedFigure & { readonly currency: string },
    position: Position,
  ): Promise<readonly NamedDebtor[]> {
    if (part === null) return [];
    const request = { tenantId, asOf, baseAsOf, position, part, currency, limit: DEBTORS_NAMED };
    try {
      return (await this.queries.execute(new ListLargestDebtorsQuery(tx, request))) ?? [];
    } catch (error) {
      if (error instanceof Refusal) return [];
      throw error;
    }
  }
}

/** Of the money in its bridges, else the one its inputs name. */
function currencyOf({ bridges, inputs }: ExplainedFigure): string | null {
  const { currency } = inputs;
  return bridges.find((bridge) => bridge.currency !== null)?.currency ?? (typeof currency === 'string' ? currency : null);
}
