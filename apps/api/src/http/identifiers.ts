import { uuidV5 } from '@app/platform';

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Namespace of every identifier the edge derives from a name (a random UUID, fixed for ever). */
const EDGE_NAMESPACE = '6f1d0c1e-8a5b-4b0e-9a3c-2f74d1b7e650';

export function isUuid(text: string): boolean {
  return UUID_PATTERN.test(text);
}

/** The same name always gives the same identifier. */
export function derivedUuid(name: string): string {
  return uuidV5(EDGE_NAMESPACE, name);
}
