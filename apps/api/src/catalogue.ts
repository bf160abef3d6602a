import { events as accessEvents } from '@app/access';
import { events as alertingEvents } from '@app/alerting';
import type { EventDefinition } from '@app/event-store';
import { events as provisioningEvents } from '@app/provisioning';
import { events as receivablesEvents } from '@app/receivables';

/** The event types of every feature: what a process that opens the log has to know. */
export const EVENT_CATALOGUE: readonly EventDefinition[] = [
  ...accessEvents,
  ...receivablesEvents,
  ...provisioningEvents,
  ...alertingEvents,
];
