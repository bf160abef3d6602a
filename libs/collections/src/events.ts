import type { EventDefinition } from '@app/event-store';
import { activityEvents, activityEventSchemas } from './events/activities';
import { contactEvents, contactEventSchemas } from './events/contacts';
import { disputeEvents, disputeEventSchemas } from './events/disputes';
import { planEvents, planEventSchemas } from './events/plans';
import { collectionsPolicyEvents, collectionsPolicyEventSchemas } from './events/policy';
import { promiseEvents, promiseEventSchemas } from './events/promises';
import { dunningEvents, dunningEventSchemas } from './events/dunning';
import { limitEvents, limitEventSchemas } from './events/limits';
import { worklistEvents, worklistEventSchemas } from './events/worklist';

/** Schemas of the events by type: generates `docs/events/collections.json`. */
export const collectionsEventSchemas = {
  ...activityEventSchemas,
  ...contactEventSchemas,
  ...promiseEventSchemas,
  ...disputeEventSchemas,
  ...planEventSchemas,
  ...collectionsPolicyEventSchemas,
  ...limitEventSchemas,
  ...dunningEventSchemas,
  ...worklistEventSchemas,
} as const;
export type CollectionsEventType = keyof typeof collectionsEventSchemas;

/** Codes 300-399 belong to collections and never change meaning. */
export const events: readonly EventDefinition[] = [
  ...activityEvents,
  ...contactEvents,
  ...promiseEvents,
  ...disputeEvents,
  ...planEvents,
  ...collectionsPolicyEvents,
  ...limitEvents,
  ...dunningEvents,
  ...worklistEvents,
];
