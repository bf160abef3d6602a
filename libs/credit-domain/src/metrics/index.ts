export * from './collection-effectiveness';
export * from './concentration';
export * from './days-sales-outstanding';
export * from './forward-ageing';
export * from './measure';
