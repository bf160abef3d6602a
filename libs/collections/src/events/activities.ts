import type { EventDefinition } from '@app/event-store';
import { z } from 'zod';

export const ACTIVITY_CHANNELS = ['call', 'email', 'letter', 'visit', 'legal', 'note'] as const;

/** Something a controller did about a debtor. What was said is in a personal envelope: it can be erased, the fact stays. */
export const activityRecordedData = z.strictObject({
  activityId: z.string(),
  debtorId: z.string(),
  type: z.enum(ACTIVITY_CHANNELS),
  /** The day it happened. */
  on: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  /** When somebody is to take it up again; null when nobody said. */
  nextContactOn: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .nullable(),
  receivableIds: z.array(z.string()),
  /** Who was spoken to; null = not said. */
  contactId: z.string().nullable(),
  /** Encrypted envelope of the contact, else of the debtor: the note. */
  personal: z.record(z.string(), z.json()).nullable(),
});

export const activityEventSchemas = { ActivityRecorded: activityRecordedData } as const;

/** Codes 300-309. */
export const activityEvents: readonly EventDefinition[] = [{ code: 300, type: 'ActivityRecorded', schemaVersion: 1 }];
