export * from './monetary-unit-sample';
