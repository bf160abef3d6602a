export * from './bucket-of';
export * from './scheme';
export * from './validate-scheme';
export * from './boundary';
