export { migrate, type ServiceSchema } from './migrate.ts';
export { schemaOf, serviceDatabase, toDataSourceOptions, type ServiceDatabaseOptions } from './service-database.ts';
