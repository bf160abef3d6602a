export * from './exchange-rate';
