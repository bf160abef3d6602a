export * from './balances';
export * from './decide-movement';
export * from './kinds';
export * from './movement-effects';
