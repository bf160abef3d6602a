import { describePublishedEvents } from '@app/testing';
import { events, receivablesEventSchemas } from './events';

describePublishedEvents({ feature: 'receivables', codes: [100, 199], events, schemas: receivablesEventSchemas });
