import { ENGINE_VERSION } from '@app/credit-domain';
import { verifyHistory, type EventStore, type HistoryVerification, type Position } from '@app/event-store';
import { Refusal } from '@app/platform';
import type { QueryBus } from '@nestjs/cqrs';
import type { Attempt } from '../calculate/problem';
import { ProvisionCalculator, provisionHash, type Hashed } from '../calculate/provision-calculator';
import { foldProvisionRun, PROVISION_RUN_CATEGORY, type CompletedRun } from '../provision-runs/provision-run.fold';
import { queriesFromLog } from './queries-from-log';
import type { ProvisionRunVerification, VerificationOutcome, VerificationSource } from './verify-run.query';

export interface VerifierOptions {
  readonly source: VerificationSource;
  readonly eventsPerPage?: number;
  readonly onProgress?: (position: Position) => void | Promise<void>;
}

const UNCHECKED = { intact: null, eventsChecked: 0, sealsChecked: null, firstFault: null } as const;

/**
 * Proves a run: the events it rests on are what was recorded, its recorded figures fit their hash, and the rules give the same figures
 * again from those events. The answer depends on nothing but the log, so it is the same however often and however finely it is read.
 */
export class RunVerifier {
  constructor(
    private readonly store: EventStore,
    private readonly queries: QueryBus,
  ) {}

  /** Refused `provision-run-not-found`, `provision-run-not-completed`. */
  async verify(tenantId: number, runId: string, options: VerifierOptions): Promise<ProvisionRunVerification> {
    const startedAt = performance.now();
    const run = await completedRun(this.store, tenantId, runId);
    const { asOf, position: pinned, kinds, scheme, currency } = run.request;
    const position = BigInt(pinned);
    const queries = options.source === 'log' ? queriesFromLog(this.queries) : this.queries;
    // Hashing keeps this process busy, computing again the database: they go on side by side.
    const recomputing = new ProvisionCalculator(this.store, queries)
      .provision({ tenantId, asOf, position }, { kinds, scheme, currency })
      .then(
        (computed) => () => computed,
        (error: unknown) => () => {
          throw error;
        },
      );
    const history = options.source === 'log' ? await this.history(tenantId, runId, position, options) : UNCHECKED;
    const recomputed = fromIntactLog(await recomputing, history);
    const recordedHash = run.result.hash;
    const hashOfRecord = provisionHash({ asOf, position }, run.result);
    const recomputedHash = recomputed.ok ? recomputed.value.hash : null;
    const recordedEngineVersion = run.result.inputs.engineVersion;
    const outcome = outcomeOf({ history, recordedHash, hashOfRecord, recomputedHash, recordedEngineVersion });
    return {
      ...{ id: runId, asOf, position, verified: outcome === 'verified', outcome, recordedHash, hashOfRecord, recomputedHash },
      problemCode: recomputed.ok ? null : recomputed.problem.code,
      source: options.source,
      ...{ engineVersion: ENGINE_VERSION, recordedEngineVersion, engineChanged: recordedEngineVersion !== ENGINE_VERSION },
      ...{ logIntact: history.intact, alteredAt: history.firstFault },
      ...{ eventsChecked: history.eventsChecked, sealsChecked: history.sealsChecked },
      durationMs: Math.round(performance.now() - startedAt),
    };
  }

  private history(tenantId: number, runId: string, upTo: Position, options: VerifierOptions): Promise<HistoryVerification> {
    const { eventsPerPage, onProgress } = options;
    return verifyHistory(this.store.database, {
      ...{ tenantId, upTo, andStream: { category: PROVISION_RUN_CATEGORY, key: runId } },
      ...(eventsPerPage === undefined ? {} : { eventsPerPage }),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
  }
}

/** From a log that was tampered with anything may come, a number that is none included; what matters is the place already found. */
function fromIntactLog(recomputed: () => Attempt<Hashed>, history: { readonly intact: boolean | null }): Attempt<Hashed> {
  try {
    return recomputed();
  } catch (error) {
    if (history.intact !== false) throw error;
    return { ok: false, problem: { code: 'run-not-computable', detail: 'The log was altered.', errors: [] } };
  }
}

/** Refused `provision-run-not-found`, `provision-run-not-completed`. */
export async function completedRun(store: EventStore, tenantId: number, runId: string): Promise<CompletedRun> {
  const run = foldProvisionRun(await store.database.read(tenantId, (tx) => store.readStream(tx, PROVISION_RUN_CATEGORY, runId)));
  if (run === null) throw new Refusal('provision-run-not-found', `There is no provision run '${runId}'.`);
  if (run.status !== 'completed') {
    throw new Refusal('provision-run-not-completed', `Provision run '${runId}' is ${run.status}; only a completed run has figures.`);
  }
  return run;
}

/** What is wrong with the log explains whatever is wrong with the figures, so it comes first; a change of the rules explains a difference. */
function outcomeOf(found: {
  readonly history: { readonly intact: boolean | null };
  readonly recordedHash: string;
  readonly hashOfRecord: string;
  readonly recomputedHash: string | null;
  readonly recordedEngineVersion: string;
}): VerificationOutcome {
  if (found.history.intact === false) return 'log-altered';
  if (found.recordedHash !== found.hashOfRecord) return 'record-altered';
  if (found.recordedHash === found.recomputedHash) return 'verified';
  if (found.recordedEngineVersion !== ENGINE_VERSION) return 'engine-changed';
  return found.recomputedHash === null ? 'not-computable' : 'figures-differ';
}
