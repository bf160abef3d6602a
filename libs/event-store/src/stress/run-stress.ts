import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { Database } from '../database';
import { EventStore } from '../event-store';
import { horizonStrategy, sequenceLockStrategy } from '../settle/settling-strategy';
import type { EventDefinition } from '../types';
import { SeededRandom } from './random';
import { type DeliveredEvent, judgeDelivery, StressReader } from './stress-reader';
import { StressWriter } from './stress-writer';
import { Witness } from './witness';

export const stressCatalogue: EventDefinition[] = [{ code: 1, type: 'StressHappened', schemaVersion: 1 }];

export interface StressOptions {
  /** A migrated database of its own with stressCatalogue registered. */
  ownerUrl: string;
  seed: number;
  writers: number;
  /** The run ends when this many events are known to be recorded. */
  events: number;
  strategy: 'sequence-lock' | 'horizon';
  /** Time between two killed connections. */
  killEveryMs: number;
}

export interface StressReport {
  strategy: string;
  seed: number;
  seconds: number;
  recorded: number;
  /** Recorded as far as a writer was told, and not in the log; or in the log although the writer was told it was refused. */
  lostInLog: number;
  ghostsInLog: number;
  doubledInLog: number;
  /** The reader that follows the settled mark. */
  lost: number;
  doubled: number;
  inversions: number;
  /** The same for a reader without a mark: the proof that this harness can see a loss. */
  naiveLost: number;
  burntPositions: number;
  settleLagMsMax: number;
  settledSteps: number;
  faults: Witness['counts'];
}

/** Runs writers, readers and faults against one log and judges what came out. */
export async function runStress(options: StressOptions): Promise<StressReport> {
  const random = new SeededRandom(options.seed);
  const witness = new Witness();
  const strategy = options.strategy === 'horizon' ? horizonStrategy : sequenceLockStrategy;
  const opened: Database[] = [];
  const open = (role: 'arrears_api' | 'arrears_worker', name: string, poolSize: number): Database => {
    const database = new Database({ connectionString: options.ownerUrl, role, applicationName: name, poolSize });
    opened.push(database);
    return database;
  };
  const settling = new EventStore(open('arrears_worker', 'stress-settler', 2), stressCatalogue, strategy);
  settling.settler.onAdvance((mark) => {
    witness.settled(mark);
  });
  const reading = open('arrears_worker', 'stress-reader', 2);
  const reader = new StressReader(reading, () => settling.settler.mark, 3);
  const naive = new StressReader(reading, () => null, 1);
  const owner = new Client({ connectionString: options.ownerUrl });
  await owner.connect();
  const started = performance.now();
  let failed = false;
  const writersGoOn = (): boolean => !failed && witness.committed.size < options.events;
  let readersGoOn = true;
  const writers = Array.from({ length: options.writers }, (_, index) => {
    const name = `w${index}`;
    const store = new EventStore(open('arrears_api', `stress-writer-${name}`, 3), stressCatalogue, strategy);
    return new StressWriter(store, new SeededRandom(random.between(0, 2 ** 31)), witness, name).run(writersGoOn);
  });
  const followers = [
    reader.run(() => readersGoOn),
    naive.run(() => readersGoOn),
    keepSettling(settling, () => readersGoOn),
    killConnections(owner, random, witness, options.killEveryMs, () => readersGoOn),
  ];
  try {
    await Promise.all(writers);
  } catch (error) {
    failed = true;
    await Promise.allSettled(writers);
    throw error;
  } finally {
    readersGoOn = false;
    await Promise.all(followers);
    if (failed) await closeAll(opened, owner);
  }
  const seconds = (performance.now() - started) / 1000;
  const { rows } = await owner.query<{ last: string; settled: string }>(
    'SELECT (SELECT last_value FROM es.position) AS last, (SELECT count(*) FROM es.settled) AS settled',
  );
  const last = BigInt(rows[0]?.last ?? 0);
  await settling.settle(last);
  await reader.drain();
  await naive.drain();
  const log = await reading.statement<DeliveredEvent>(
    `SELECT position, stream_id, version, data->>'id' AS id FROM es.event WHERE tenant_id IN (1, 2) ORDER BY position`,
  );
  await closeAll(opened, owner);
  return {
    strategy: options.strategy,
    seed: options.seed,
    seconds: Math.round(seconds * 10) / 10,
    recorded: log.length,
    ...judgeLog(log, witness),
    ...judgeDelivery(reader.delivered, log),
    naiveLost: judgeDelivery(naive.delivered, log).lost,
    burntPositions: Number(last) - log.length,
    settleLagMsMax: Math.round(witness.settleLagMsMax),
    settledSteps: Number(rows[0]?.settled ?? 0),
    faults: witness.counts,
  };
}

/** Whether a report shows a log that kept its word and a harness that could have seen it broken. */
export function stressPassed(report: StressReport): boolean {
  const wrong = report.lostInLog + report.ghostsInLog + report.doubledInLog + report.lost + report.doubled + report.inversions;
  return wrong === 0 && report.naiveLost > 0;
}

function judgeLog(log: readonly DeliveredEvent[], witness: Witness): { lostInLog: number; ghostsInLog: number; doubledInLog: number } {
  const ids = new Set(log.map((event) => event.id));
  return {
    lostInLog: [...witness.committed.keys()].filter((id) => !ids.has(id)).length,
    ghostsInLog: [...ids].filter((id) => witness.refused.has(id) || !witness.committed.has(id)).length,
    doubledInLog: log.length - ids.size,
  };
}

async function keepSettling(store: EventStore, goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    await store.settler.step().catch(() => undefined);
    await sleep(1);
  }
}

/** Kills a connection of a writer, a reader or the settler every now and then. */
async function killConnections(
  owner: Client,
  random: SeededRandom,
  witness: Witness,
  everyMs: number,
  goesOn: () => boolean,
): Promise<void> {
  while (goesOn()) {
    await sleep(everyMs);
    const { rows } = await owner.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'stress-%' ORDER BY pid`,
    );
    const victim = rows[random.between(0, Math.max(rows.length - 1, 0))];
    if (victim === undefined) continue;
    await owner.query('SELECT pg_terminate_backend($1)', [victim.pid]);
    witness.counts.kills += 1;
  }
}

async function closeAll(opened: readonly Database[], owner: Client): Promise<void> {
  await Promise.all(opened.map((database) => database.close()));
  await owner.end();
}
