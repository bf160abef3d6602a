import type { JsonObject, StoredEvent } from '@app/event-store';
import type { KeyOrigin, KeyRevocationReason } from './events';
import { isRole, type Role } from './roles';

export interface PrincipalKey {
  readonly keyId: string;
  readonly hashPrefix: string;
  readonly origin: KeyOrigin;
  readonly issuedAt: Date;
  readonly expiresAt: string | null;
  readonly revoked: { readonly at: Date; readonly reason: KeyRevocationReason } | null;
}

/** A person or a machine that acts in a tenant; folded from its stream. */
export interface Principal {
  readonly id: string;
  readonly version: number;
  readonly roles: readonly Role[];
  readonly personal: JsonObject;
  readonly registeredAt: Date;
  readonly keys: readonly PrincipalKey[];
}

/** State of one principal after its events in stream order; null when there are none. */
export function foldPrincipal(events: readonly StoredEvent[]): Principal | null {
  return events.reduce<Principal | null>(evolve, null);
}

/** All principals of a category read, in order of registration. */
export function foldPrincipals(events: readonly StoredEvent[]): Principal[] {
  const byId = new Map<string, Principal | null>();
  for (const event of events) byId.set(event.key, evolve(byId.get(event.key) ?? null, event));
  return [...byId.values()].filter((principal) => principal !== null);
}

/** The personal-data vault keeps the name of a principal under this person. */
export function personOf(principalId: string): string {
  return `principal:${principalId}`;
}

function evolve(state: Principal | null, event: StoredEvent): Principal | null {
  const { data, version } = event;
  if (event.type === 'PrincipalRegistered') {
    const roles = Array.isArray(data['roles']) ? data['roles'].map(String).filter(isRole) : [];
    return { id: event.key, version, roles, personal: objectOf(data['personal']), registeredAt: event.recordedAt, keys: [] };
  }
  if (state === null) throw new Error(`The stream of principal ${event.key} begins with ${event.type}.`);
  if (event.type === 'ApiKeyIssued') {
    const key: PrincipalKey = {
      keyId: textOf(data['keyId']),
      hashPrefix: textOf(data['hashPrefix']),
      origin: originOf(data['origin']),
      issuedAt: event.recordedAt,
      expiresAt: typeof data['expiresAt'] === 'string' ? data['expiresAt'] : null,
      revoked: null,
    };
    return { ...state, version, keys: [...state.keys, key] };
  }
  if (event.type === 'ApiKeyRevoked') {
    const reason: KeyRevocationReason = data['reason'] === 'rotated' ? 'rotated' : 'revoked';
    const keys = state.keys.map((key) => (key.keyId === data['keyId'] ? { ...key, revoked: { at: event.recordedAt, reason } } : key));
    return { ...state, version, keys };
  }
  return { ...state, version };
}

function textOf(value: JsonObject[string] | undefined): string {
  return typeof value === 'string' ? value : '';
}

function originOf(value: unknown): KeyOrigin {
  return value === 'environment' || value === 'generated' ? value : 'issued';
}

function objectOf(value: JsonObject[string] | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
