export * from './credit-exposure';
