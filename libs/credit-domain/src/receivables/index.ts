export * from './balances';
export * from './decide-movement';
export * from './decide-reclassification';
export * from './kinds';
export * from './movement-effects';
export * from './decide-open-item';
export * from './allocate-credit';
