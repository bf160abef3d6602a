import type { DisclosureTable, NoteFacts } from '@app/credit-domain';
import { builtInScheme, minorPerUnit, noteTables, presentTable, tiesOf } from '@app/credit-domain';
import { Refusal } from '@app/platform';
import { ResolveSchemeQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { CompletedRun } from '../provision-runs/provision-run.fold';
import { GetProvisionRunQuery } from '../provision-runs/provision-runs.query';
import { factsOfBook, type ReadingPoint } from './book-facts';
import { GetDisclosureQuery, type DisclosedRun, type Disclosure } from './get-disclosure.query';
import { movementsBetween } from './movement-facts';
import { factsOfRun } from './run-facts';

interface ReadNote {
  readonly shown: DisclosedRun;
  readonly tables: readonly DisclosureTable[];
}

/** Puts the note together from the run's own lines and readings of the book at the run's date and position. Nothing is stored. */
@QueryHandler(GetDisclosureQuery)
export class GetDisclosureHandler implements IQueryHandler<GetDisclosureQuery> {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  async execute({ tenantId, request }: GetDisclosureQuery): Promise<Disclosure> {
    const run = await this.completedRun(tenantId, request.runId);
    const earlier = request.comparativeRunId === null ? null : await this.completedRun(tenantId, request.comparativeRunId);
    if (earlier !== null) assertComparable(run, earlier);
    const note = await this.read(tenantId, run, earlier);
    const comparative = earlier === null ? null : await this.read(tenantId, earlier, null);
    const { currency } = run.result;
    const perUnit = minorPerUnit(request.unit, currency);
    return {
      run: note.shown,
      comparative: comparative?.shown ?? null,
      ...{ currency, unit: request.unit },
      tables: note.tables.map((table) => presentTable(table, comparative?.tables.find(({ id }) => id === table.id) ?? null, perUnit)),
      ties: tiesOf(note.tables),
    };
  }

  private async completedRun(tenantId: number, runId: string): Promise<CompletedRun> {
    const run = await this.queries.execute(new GetProvisionRunQuery(tenantId, runId));
    if (run.status !== 'completed')
      throw new Refusal('provision-run-not-completed', `Provision run '${runId}' is ${run.status}; only a completed run can be disclosed.`);
    const { shares, total } = run.result;
    if (shares.length === 0 && total.gross !== '0')
      throw new Refusal('disclosure-run-too-old', `Provision run '${runId}' was made before lines were shared by class: run it again.`);
    return run;
  }

  private async read(tenantId: number, run: CompletedRun, earlier: CompletedRun | null): Promise<ReadNote> {
    const { runId, asOf, knownAt } = run.request;
    const position = BigInt(run.request.position);
    const at = { tenantId, asOf, position };
    const since = earlier?.request.asOf ?? endOfYearBefore(asOf);
    const { byCurrency, ...ofRun } = factsOfRun(run.result);
    const { nonFinancialByCurrency, kindsWithExposure, ...ofBook } = await factsOfBook(this.queries, at, run.result.currency, since);
    const facts: NoteFacts = {
      ...{ asOf, currency: run.result.currency, ...ofRun, ...ofBook },
      byCurrency: [...byCurrency, ...nonFinancialByCurrency],
      bucketLabels: await this.bucketLabels(at, run),
      movements: await movementsBetween(this.queries, tenantId, earlier, run),
    };
    const measured = new Set(run.result.totals.map(({ kind }) => kind));
    const kindsLeftOut = kindsWithExposure.filter((kind) => !measured.has(kind));
    return { shown: { id: runId, asOf, knownAt, position, hash: run.result.hash, kindsLeftOut }, tables: noteTables(facts) };
  }

  private async bucketLabels(at: ReadingPoint, run: CompletedRun): Promise<ReadonlyMap<string, readonly string[]>> {
    const labels = new Map<string, readonly string[]>();
    for (const { kind, scheme: id } of run.result.inputs.matrices) {
      const scheme = builtInScheme(id) ?? (await this.queries.execute(new ResolveSchemeQuery(at.tenantId, id, at.position)));
      labels.set(
        kind,
        scheme.buckets.map(({ label }) => label),
      );
    }
    return labels;
  }
}

/** Without an earlier run, the reporting period is the calendar year up to its date. */
const endOfYearBefore = (asOf: string): string => `${String(Number(asOf.slice(0, 4)) - 1).padStart(4, '0')}-12-31`;

function assertComparable(run: CompletedRun, earlier: CompletedRun): void {
  if (earlier.request.asOf >= run.request.asOf)
    throw new Refusal(
      'comparative-not-earlier',
      `The comparative is of ${earlier.request.asOf}, the run of ${run.request.asOf}: name an earlier run.`,
      [{ field: 'comparative' }],
    );
  if (earlier.result.currency !== run.result.currency)
    throw new Refusal(
      'comparative-currency-differs',
      `The comparative is in ${earlier.result.currency}, the run in ${run.result.currency}: name a run in the same currency.`,
      [{ field: 'comparative' }],
    );
}
