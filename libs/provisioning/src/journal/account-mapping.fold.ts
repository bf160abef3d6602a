import { DEFAULT_ACCOUNTS, type AccountMapping } from '@app/credit-domain';
import type { StoredEvent } from '@app/event-store';
import { dataOf } from '../event-data';

export const ACCOUNT_MAPPING_CATEGORY = 'account-mapping';
/** A tenant has one mapping. */
export const ACCOUNT_MAPPING_KEY = 'ledger';

export interface AccountMappingState extends AccountMapping {
  /** 0 = never stated: the default names. */
  readonly version: number;
}

export function foldAccountMapping(events: readonly StoredEvent[]): AccountMappingState {
  const last = events.at(-1);
  if (last === undefined) return { accounts: DEFAULT_ACCOUNTS, byKind: {}, version: 0 };
  const { accounts, byKind } = dataOf('AccountMappingSet', last);
  return { accounts: { ...DEFAULT_ACCOUNTS, ...accounts }, byKind, version: last.version };
}
