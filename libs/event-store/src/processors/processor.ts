import type { Position, StoredEvent, Tx } from '../types';

/** Settled events of one tenant with after < position <= upTo. */
export interface EventPage {
  tenantId: number;
  after: Position;
  upTo: Position;
  /** The page's events of the processor's types, by position; read on demand, so a processor that works by SQL never loads them. */
  events: () => Promise<StoredEvent[]>;
}

/** A projection or a reaction: takes ranges of positions in order. Its effect and its checkpoint share the transaction. */
export interface Processor {
  readonly name: string;
  /** Tenants are dealt to this many lanes by tenant mod lanes; each lane is worked by one process at a time. */
  readonly lanes: number;
  readonly eventTypes: readonly string[] | 'all';
  /** What happens to an event that cannot be applied: `stop` holds the tenant and keeps trying, `park` records it and goes on. */
  readonly onError: 'stop' | 'park';
  apply(tx: Tx, page: EventPage): Promise<void>;
}
