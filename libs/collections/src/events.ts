import type { EventDefinition } from '@app/event-store';
import { activityEvents, activityEventSchemas } from './events/activities';

/** Schemas of the events by type: generates `docs/events/collections.json`. */
export const collectionsEventSchemas = {
  ...activityEventSchemas,
} as const;
export type CollectionsEventType = keyof typeof collectionsEventSchemas;

/** Codes 300-399 belong to collections and never change meaning. */
export const events: readonly EventDefinition[] = [...activityEvents];
