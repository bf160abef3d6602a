import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Clock } from '@app/platform';
import type { Database, EventStore } from '@app/event-store';
import { CLOCK, DATABASE, EVENT_STORE } from '@app/platform';
import { hashApiKey } from '../api-key';
import { findApiKey, KEYS_CHANNEL } from '../api-key-table';
import { PRINCIPAL } from '../events';
import { foldPrincipal } from '../principal';
import type { Role } from '../roles';

/** How long a revoked key may still be believed when the notice of its revocation was lost. */
export const AUTHENTICATION_CACHE_MS = 5_000;
const CACHED_KEYS_MAX = 10_000;
const KEY_LENGTH_MAX = 1024;

/** Who is calling. */
export interface Caller {
  readonly tenantId: number;
  readonly principalId: string;
  readonly keyId: string;
  readonly roles: readonly Role[];
}

/** Turns a presented API key into its caller. Only known keys are remembered: guesses cost a look-up each and no memory. */
@Injectable()
export class Authenticator implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(Authenticator.name);
  private readonly cache = new Map<string, { caller: Caller; until: number }>();
  private stopListening: (() => Promise<void>) | undefined;

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async onModuleInit(): Promise<void> {
    this.stopListening = await this.database.listen(KEYS_CHANNEL, () => {
      this.forget();
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stopListening?.();
  }

  /** The caller, or null for a key that is unknown, revoked or expired. Roles are as of the last five seconds. */
  async authenticate(presentedKey: string): Promise<Caller | null> {
    if (presentedKey.length > KEY_LENGTH_MAX) return null;
    const hash = hashApiKey(presentedKey);
    const name = hash.toString('latin1');
    const now = this.clock.now().getTime();
    const known = this.cache.get(name);
    if (known !== undefined && known.until > now) return known.caller;
    this.cache.delete(name);
    const caller = await this.lookUp(hash);
    if (caller === null) return null;
    if (this.cache.size >= CACHED_KEYS_MAX) this.cache.clear();
    this.cache.set(name, { caller, until: now + AUTHENTICATION_CACHE_MS });
    return caller;
  }

  /** Drops everything remembered; the next call of each key is looked up again. */
  forget(): void {
    this.cache.clear();
  }

  private async lookUp(hash: Buffer): Promise<Caller | null> {
    const row = await this.database.read(null, (tx) => findApiKey(tx, hash));
    if (row === undefined || row.revoked || row.expired) return null;
    const principal = await this.database.read(row.tenantId, async (tx) =>
      foldPrincipal(await this.store.readStream(tx, PRINCIPAL, row.principalId)),
    );
    if (principal === null) {
      this.logger.error({ keyId: row.keyId }, 'an API key belongs to a principal that does not exist');
      return null;
    }
    return { tenantId: row.tenantId, principalId: row.principalId, keyId: row.keyId, roles: principal.roles };
  }
}
