import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Pool, type PoolClient, type PoolConfig } from 'pg';
import { isRetryable } from './errors';
import { valueParsers } from './value-parsers';
import type { Tx } from './types';

/** Attempts of a transaction that lost a deadlock, a serialisation race or its connection before it had begun, the first one included. */
const TRANSACTION_ATTEMPTS_MAX = 4;
const RETRY_DELAY_MS_MAX = 40;
const POOL_SIZE_DEFAULT = 10;
/** A transaction left open holds back the settled mark of everybody, so it is ended for its owner. */
const IDLE_IN_TRANSACTION_MS_MAX = 60_000;
const LISTEN_RETRY_MS_MIN = 100;
const LISTEN_RETRY_MS_MAX = 5_000;

export interface DatabaseOptions {
  connectionString: string;
  /** Role to run as; the login must be a member of it. */
  role?: 'arrears_api' | 'arrears_worker';
  poolSize?: number;
  applicationName: string;
  statementTimeoutMs?: number;
}

/** A pool of connections that hands out transactions with the tenant set and values parsed the way this system reads them. */
export class Database {
  readonly #listeners = new Set<() => Promise<void>>();
  readonly #pool: Pool;
  readonly #config: PoolConfig;

  constructor(options: DatabaseOptions) {
    const settings = ['-c timezone=UTC', ...(options.role === undefined ? [] : [`-c role=${options.role}`])].join(' ');
    this.#config = {
      connectionString: options.connectionString,
      application_name: options.applicationName,
      options: settings,
      types: valueParsers,
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS_MAX,
      keepAlive: true,
      ...(options.statementTimeoutMs === undefined ? {} : { statement_timeout: options.statementTimeoutMs }),
    };
    this.#pool = new Pool({ ...this.#config, max: options.poolSize ?? POOL_SIZE_DEFAULT });
    // An idle connection that dies is replaced by the pool; without a listener it would end the process.
    this.#pool.on('error', () => undefined);
    // The end of a connection can arrive in the same packet as the answer that hands it to the next caller, before that one could listen.
    this.#pool.on('connect', (client) => {
      client.on('error', () => undefined);
    });
  }

  /** Runs work under READ COMMITTED and commits it. Repeats it when it lost a deadlock, so work must have no effect of its own outside. */
  transaction<T>(tenantId: number | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#attempt('BEGIN', tenantId, work);
  }

  /** Runs work on one snapshot, read only. */
  read<T>(tenantId: number | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.#attempt('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', tenantId, work);
  }

  /** One statement in a transaction of its own: one round trip, no tenant set. */
  async statement<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return (await this.#pool.query<R>(sql, [...params])).rows;
  }

  /**
   * Calls back for every notification on a channel until the returned function is called. Reconnects for ever; notifications sent while
   * it was away are lost, so the caller polls as well.
   */
  async listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    const stopped = new AbortController();
    const stop = async (): Promise<void> => {
      this.#listeners.delete(stop);
      stopped.abort();
      await current?.end().catch(() => undefined);
    };
    this.#listeners.add(stop);
    let current: Client | undefined;
    const connect = async (): Promise<void> => {
      const client = new Client(this.#config);
      let lost = false;
      const onLost = (): void => {
        if (lost || stopped.signal.aborted) return;
        lost = true;
        void client.end().catch(() => undefined);
        void reconnect();
      };
      client.on('notification', (message) => {
        onNotify(message.payload ?? '');
      });
      client.on('error', onLost);
      client.on('end', onLost);
      try {
        await client.connect();
        await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
        if (stopped.signal.aborted) await client.end();
        else current = client;
      } catch {
        onLost();
      }
    };
    let delayMs = LISTEN_RETRY_MS_MIN;
    const reconnect = async (): Promise<void> => {
      await sleep(delayMs, undefined, { signal: stopped.signal, ref: false }).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, LISTEN_RETRY_MS_MAX);
      if (!stopped.signal.aborted) await connect();
    };
    await connect();
    return stop;
  }

  /** Stops listening, waits for the connections in use and closes them all. */
  async close(): Promise<void> {
    await Promise.all([...this.#listeners].map((stop) => stop()));
    await this.#pool.end();
  }

  async #attempt<T>(begin: string, tenantId: number | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(begin, tenantId, work);
      } catch (error) {
        const cause = error instanceof NotBegun ? error.cause : error;
        if (attempt >= TRANSACTION_ATTEMPTS_MAX || (cause === error && !isRetryable(error))) throw cause;
        await sleep(Math.random() * Math.min(RETRY_DELAY_MS_MAX, 5 * 2 ** attempt));
      }
    }
  }

  async #once<T>(begin: string, tenantId: number | null, work: (tx: Tx) => Promise<T>): Promise<T> {
    if (tenantId !== null && !Number.isInteger(tenantId)) throw new TypeError(`tenant ${tenantId} is not an integer`);
    const client = await this.#pool.connect();
    const committed: (() => void | Promise<void>)[] = [];
    let broken: Error | undefined;
    const onError = (error: Error): void => {
      broken = error;
    };
    client.on('error', onError);
    try {
      await client
        .query(tenantId === null ? begin : `${begin}; SELECT set_config('arrears.tenant', '${tenantId}', true)`)
        .catch((error: unknown) => {
          throw isConnectionLost(error) ? new NotBegun(error) : error;
        });
      const result = await work(transactionOn(client, tenantId, committed));
      await client.query('COMMIT');
      for (const fn of committed) void runAfterCommit(fn);
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((failed: unknown) => {
        broken ??= failed instanceof Error ? failed : new Error(String(failed));
      });
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

/** The connection was gone before any statement of the work was sent, as after a restart of the server: another one may try. */
class NotBegun extends Error {
  constructor(override readonly cause: unknown) {
    super('The connection was lost before the transaction began.');
  }
}

/** Ended by an administrator or by a crash (57P01-57P03), or cut off without a word of the server. */
function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? /^(57P0[1-3]|08...|EPIPE|ECONNRESET)$/.test(code) : error.message.startsWith('Connection terminated');
}

function transactionOn(client: PoolClient, tenantId: number | null, committed: (() => void | Promise<void>)[]): Tx {
  return {
    tenantId,
    client,
    async query<R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
      return (await client.query<R>(sql, [...params])).rows;
    },
    async execute(sql, params = []) {
      return (await client.query(sql, [...params])).rowCount ?? 0;
    },
    afterCommit(fn) {
      committed.push(fn);
    },
  };
}

async function runAfterCommit(fn: () => void | Promise<void>): Promise<void> {
  try {
    await fn();
  } catch (error) {
    process.emitWarning(`a step after commit failed: ${error instanceof Error ? error.message : String(error)}`, 'AfterCommitFailed');
  }
}
