export * from './fleeting-map.ts';
