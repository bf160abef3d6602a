export * from './expected-credit-loss';
export * from './individual-assessment';
export * from './loss-rate-set';
export * from './provision';
export * from './policies';
