import { describePublishedEvents } from '@app/testing';
import { accessEventSchemas, events } from './events';

describePublishedEvents({ feature: 'access', codes: [1, 99], events, schemas: accessEventSchemas });
