import { monetaryUnitSample } from '@app/credit-domain';
import type { EventStore, Position, Tx } from '@app/event-store';
import { EVENT_STORE, Refusal } from '@app/platform';
import { ReadControlDifferencesQuery } from '@app/receivables';
import { Inject } from '@nestjs/common';
import { QueryBus, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { createHash } from 'node:crypto';
import { ProvisionCalculator, provisionHash } from '../calculate/provision-calculator';
import { approvedPolicies, readPolicies } from '../policy/approvable.fold';
import { POLICY_COLLECTIONS, policyTypeOf } from '../policy/policy-types';
import type { CompletedRun } from '../provision-runs/provision-run.fold';
import { completedRun } from '../verify/run-verifier';
import { VerifyProvisionRunQuery, type ProvisionRunVerification } from '../verify/verify-run.query';
import { GetAuditorsPackQuery, ListOpenItemsQuery, type AuditorsPack, type SampleRequest, type SignedInput } from './auditors-pack.query';
import { OpenItems, type OpenItem } from './open-items';

/** Open items shown in the pack itself; all of them are in the CSV. */
const OPEN_ITEMS_SHOWN_MAX = 1_000;

interface Reading {
  readonly run: CompletedRun;
  readonly knownNow: { readonly knownAt: string; readonly position: Position };
  readonly items: OpenItems;
}

@QueryHandler(GetAuditorsPackQuery)
export class GetAuditorsPackHandler implements IQueryHandler<GetAuditorsPackQuery> {
  constructor(
    @Inject(EVENT_STORE) readonly store: EventStore,
    @Inject(QueryBus) readonly queries: QueryBus,
    @Inject(ProvisionCalculator) readonly calculator: ProvisionCalculator,
  ) {}

  async execute({ tenantId, runId, sample }: GetAuditorsPackQuery): Promise<AuditorsPack> {
    const { run, knownNow, items } = await readRun(this, tenantId, runId);
    const { asOf, position } = run.request;
    const shown = items.weighed.slice(0, OPEN_ITEMS_SHOWN_MAX).map(({ receivableId }) => receivableId);
    return {
      run,
      knownNow,
      verification: await this.verification(tenantId, runId),
      inputs: await this.store.database.read(tenantId, (tx) => this.signedInputs(tx, run)),
      controlTotals: await this.queries.execute(new ReadControlDifferencesQuery(tenantId, { asOf, position: BigInt(position) })),
      openItems: {
        count: items.weighed.length,
        presentationGross: items.weighed.reduce((sum, { presentationGross }) => sum + presentationGross, 0n),
        first: await collected(items.pages(shown)),
      },
      sample: await sampled(items, sample, run),
    };
  }

  private async verification(tenantId: number, runId: string): Promise<ProvisionRunVerification | null> {
    try {
      return await this.queries.execute(new VerifyProvisionRunQuery(tenantId, runId));
    } catch (error) {
      if (error instanceof Refusal && error.code === 'verification-too-large') return null;
      throw error;
    }
  }

  /** Every policy the run names among its inputs, with its two signatures. */
  private async signedInputs(tx: Tx, { request, result }: CompletedRun): Promise<SignedInput[]> {
    const named = new Set(namesIn(result.inputs));
    const inputs: SignedInput[] = [];
    for (const collection of POLICY_COLLECTIONS) {
      const states = await readPolicies(this.store, tx, policyTypeOf(collection), BigInt(request.position));
      for (const { id, effectiveOn, contentHash, proposedBy, proposedAt, approvedBy, approvedAt } of approvedPolicies(states)) {
        if (named.has(id)) inputs.push({ collection, id, effectiveOn, contentHash, proposedBy, proposedAt, approvedBy, approvedAt });
      }
    }
    return inputs;
  }
}

@QueryHandler(ListOpenItemsQuery)
export class ListOpenItemsHandler implements IQueryHandler<ListOpenItemsQuery> {
  constructor(
    @Inject(EVENT_STORE) readonly store: EventStore,
    @Inject(QueryBus) readonly queries: QueryBus,
    @Inject(ProvisionCalculator) readonly calculator: ProvisionCalculator,
  ) {}

  async execute({ tenantId, runId }: ListOpenItemsQuery): Promise<{ run: CompletedRun; pages: AsyncGenerator<OpenItem[]> }> {
    const run = await completedRun(this.store, tenantId, runId);
    // The book is read once somebody takes the first page, so that a long one does not hold the answer up.
    return { run, pages: pagesOf(this, tenantId, runId) };
  }
}

async function* pagesOf(reader: Reader, tenantId: number, runId: string): AsyncGenerator<OpenItem[]> {
  yield* (await readRun(reader, tenantId, runId)).items.pages();
}

interface Reader {
  readonly store: EventStore;
  readonly queries: QueryBus;
  readonly calculator: ProvisionCalculator;
}

/** Refused `run-not-reproducible`: parts of an allowance are parts of figures that can be derived again, and of no others. */
async function readRun({ store, queries, calculator }: Reader, tenantId: number, runId: string): Promise<Reading> {
  const run = await completedRun(store, tenantId, runId);
  const { asOf, position: pinned, kinds, scheme, currency } = run.request;
  const position = BigInt(pinned);
  const latest = await store.database.read(tenantId, (tx) => store.latestSettled(tx));
  const measured = await calculator.measured({ tenantId, asOf, position }, { kinds, scheme, currency });
  if (!measured.ok || provisionHash({ asOf, position }, measured.value.output) !== run.result.hash) {
    throw new Refusal(
      'run-not-reproducible',
      `The figures of run '${runId}' cannot be derived from the book any more; verify it to see why.`,
    );
  }
  const items = await OpenItems.read(queries, { tenantId, asOf, position, knownNow: latest.position }, measured.value);
  return { run, knownNow: { knownAt: latest.settledAt, position: latest.position }, items };
}

/**
 * The start of the sample is SHA-256 over `<seed>|<hash of the run>`, read as a number, modulo the population: nobody can choose it, and
 * whoever knows the seed can draw it again.
 */
async function sampled(items: OpenItems, { seed, size }: SampleRequest, run: CompletedRun): Promise<AuditorsPack['sample']> {
  const start = BigInt(`0x${createHash('sha256').update(`${seed}|${run.result.hash}`).digest('hex')}`);
  const weighed = items.weighed.map((item) => ({ item: item.receivableId, amount: item.presentationGross }));
  const { population, interval, firstUnit, selected } = monetaryUnitSample(weighed, { size, start });
  const found = new Map((await collected(items.pages(selected.map(({ item }) => item)))).map((item) => [item.receivableId, item]));
  return {
    ...{ seed, size, population, interval, firstUnit },
    items: selected.flatMap(({ item, hits, unit }) => {
      const open = found.get(item);
      return open === undefined ? [] : [{ ...open, hits, unit }];
    }),
  };
}

async function collected(pages: AsyncGenerator<OpenItem[]>): Promise<OpenItem[]> {
  const all: OpenItem[] = [];
  for await (const page of pages) all.push(...page);
  return all;
}

/** Every text anywhere inside the inputs of a run; ids of policies are among them. */
function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(namesIn);
}
