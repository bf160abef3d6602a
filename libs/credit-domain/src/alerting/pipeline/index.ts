export * from './business-hours';
export * from './grouping';
export * from './inhibition';
export * from './notification-policy';
export * from './pipeline';
export * from './silence';
