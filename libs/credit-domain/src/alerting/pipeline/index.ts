export * from './notification-policy';
