import { describePublishedEvents } from '@app/testing';
import { events, provisioningEventSchemas } from './events';

describePublishedEvents({ feature: 'provisioning', codes: [200, 299], events, schemas: provisioningEventSchemas });
