export { PATIENT_WORKS } from './bounds.ts';
export { UnboundRoleError } from './bound-role.ts';
export { databaseTls, type DatabaseTls } from './database-tls.ts';
export { migrate, type ServiceSchema } from './migrate.ts';
export {
  schemaOf,
  serviceDatabase,
  toDataSourceOptions,
  withPassword,
  type ServiceDatabaseOptions,
} from './service-database.ts';
export { Turnstile, TurnstileFullError } from './turnstile.ts';
