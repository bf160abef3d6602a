import type { EventStore, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { FindUnknownDebtorsQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { BookReading } from '../calculate/book-reading';
import { calculateProvision } from '../calculate/calculate-provision';
import type { ProvisionRequest } from '../calculate/gather-input';
import type { Attempt } from '../calculate/problem';
import type { ProblemData, ProvisionFiguresData } from '../events';
import { requireKindsWithLosses } from '../policy/kinds';
import { readPolicy } from '../policy/read-policy';
import { placeOf } from '../policy/refusal-places';
import { foldProvisionRun, PROVISION_RUN_CATEGORY } from '../provision-runs/provision-run.fold';
import { ChangedBook } from './changed-book';
import { changedPolicy } from './changed-policy';
import { checkChanges } from './check-changes';
import { differenceOf } from './difference';
import { WhatIfQuery, type WhatIfAnswer, type WhatIfRequest } from './what-if.query';

/** Reads and calculates; there is no append in here, and none may come in. */
@QueryHandler(WhatIfQuery)
export class WhatIfHandler implements IQueryHandler<WhatIfQuery> {
  constructor(
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  async execute({ tenantId, request }: WhatIfQuery): Promise<WhatIfAnswer> {
    requireKindsWithLosses(request.kinds ?? [], 'kinds');
    const changes = checkChanges(request);
    await this.requireKnownDebtors(tenantId, request);
    const { asOf, compareTo = null } = request;
    const { known, policy, run } = await this.store.database.read(tenantId, async (tx) => {
      const resolved = await this.store.resolveKnownAt(tx, request.knownAt);
      return {
        known: resolved,
        policy: await readPolicy(this.store, tx, resolved.position),
        run: compareTo === null ? null : await this.completedRun(tx, compareTo),
      };
    });
    const at = { tenantId, asOf, position: known.position };
    const scope: ProvisionRequest = {
      kinds: request.kinds ?? null,
      scheme: request.scheme ?? null,
      currency: request.currency ?? null,
    };
    const book = new ChangedBook(this.queries, at, changes);
    const assumed = await changedPolicy(policy, changes, { asOf, scheme: (id) => book.scheme(id) });
    const figures = required(await calculateProvision(book, assumed, scope));
    const base: Attempt<ProvisionFiguresData> =
      run === null
        ? await calculateProvision(new BookReading(this.queries, tenantId, asOf, known.position), policy, scope)
        : { ok: true, value: run };
    if (base.ok) requireOneCurrency(base.value, figures);
    return {
      ...{ asOf, knownAt: known.knownAt, position: known.position, figures, comparedTo: compareTo },
      difference: base.ok ? differenceOf(base.value, figures) : null,
      baseProblem: base.ok ? null : { code: base.problem.code, detail: base.problem.detail },
    };
  }

  private async requireKnownDebtors(tenantId: number, { segments = [] }: WhatIfRequest): Promise<void> {
    if (segments.length === 0) return;
    const [unknown] = await this.queries.execute(
      new FindUnknownDebtorsQuery(
        tenantId,
        segments.map(({ debtorId }) => debtorId),
      ),
    );
    if (unknown === undefined) return;
    const index = segments.findIndex(({ debtorId }) => debtorId === unknown);
    throw new Refusal('debtor-unknown', `There is no debtor '${unknown}'.`, [placeOf(`segments[${String(index)}].debtorId`)]);
  }

  private async completedRun(tx: Tx, runId: string): Promise<ProvisionFiguresData> {
    const run = foldProvisionRun(await this.store.readStream(tx, PROVISION_RUN_CATEGORY, runId));
    if (run === null) throw new Refusal('provision-run-not-found', `There is no provision run '${runId}'.`, [placeOf('compareTo')]);
    if (run.status === 'completed') return run.result;
    const detail = `Provision run '${runId}' is ${run.status}; only a completed run can be compared with.`;
    throw new Refusal('provision-run-not-completed', detail, [placeOf('compareTo')]);
  }
}

function required(attempted: Attempt<ProvisionFiguresData>): ProvisionFiguresData {
  if (attempted.ok) return attempted.value;
  const { code, detail, errors }: ProblemData = attempted.problem;
  throw new Refusal(code, detail, errors);
}

function requireOneCurrency(base: ProvisionFiguresData, figures: ProvisionFiguresData): void {
  if (base.currency === figures.currency) return;
  const detail = `The run to compare with is in ${base.currency} and the what-if in ${figures.currency}: ask for one currency.`;
  throw new Refusal('currency-mismatch', detail, [placeOf('currency')]);
}
