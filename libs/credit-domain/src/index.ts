export * from './refusals';
export * from './values';
export * from './ageing';
export * from './fx';
export * from './receivables';
