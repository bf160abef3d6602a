import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';

/** How promises are judged from now on; those recorded before keep what held then. */
export const collectionsPolicySetData = z.strictObject({ promiseGraceDays: z.int().nonnegative() });

export const collectionsPolicyEventSchemas = { CollectionsPolicySet: collectionsPolicySetData } as const;

/** Codes 340-349. */
export const collectionsPolicyEvents: readonly EventDefinition[] = [{ code: 340, type: 'CollectionsPolicySet', schemaVersion: 1 }];
