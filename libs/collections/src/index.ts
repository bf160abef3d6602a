export { CollectionsModule } from './collections.module';
export { CollectionsWorkerModule } from './collections-worker.module';
export { migrations } from './migrations';
export { events } from './events';
