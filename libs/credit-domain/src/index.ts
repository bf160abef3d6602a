export * from './refusals';
export * from './values';
export * from './ageing';
export * from './fx';
export * from './receivables';
export * from './provisioning';
export * from './exposure';
export * from './alerting';
