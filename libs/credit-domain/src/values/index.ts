export * from './currency';
export * from './decimal';
export * from './local-date';
export * from './money';
export * from './rate';
export * from './ratio';
export * from './rounding';
export * from './zoned-time';
