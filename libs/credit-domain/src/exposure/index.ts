export * from './pool-assignment';
