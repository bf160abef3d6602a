export * from './pool-assignment';
export * from './receivable-history';
