import { describePublishedEvents } from '@app/testing';
import { collectionsEventSchemas, events } from './events';

describePublishedEvents({ feature: 'collections', codes: [300, 399], events, schemas: collectionsEventSchemas });
