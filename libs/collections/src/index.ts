export { CollectionsModule } from './collections.module';
export { CollectionsWorkerModule } from './collections-worker.module';
export { migrations } from './migrations';
export { events } from './events';

export { ReadChasingStateQuery, type ChasingRequest } from './chasing/read-chasing-state.query';
export * from './limits/limits.queries';
export * from './limits/limits.commands';
