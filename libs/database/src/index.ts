export { migrate, type ServiceSchema } from './migrate.ts';
export {
  schemaOf,
  serviceDatabase,
  toDataSourceOptions,
  withPassword,
  type ServiceDatabaseOptions,
} from './service-database.ts';
