import { describePublishedEvents } from '@app/testing';
import { events, alertingEventSchemas } from './events';

describePublishedEvents({ feature: 'alerting', codes: [400, 499], events, schemas: alertingEventSchemas });
