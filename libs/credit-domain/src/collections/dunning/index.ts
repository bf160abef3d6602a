export * from './template';
export * from './dunning-policy';
export * from './dunning-record';
export * from './dunning.decider';
