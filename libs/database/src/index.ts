export { PATIENT_WORKS } from './bounds.ts';
export { UnboundRoleError } from './bound-role.ts';
export { databaseTls, type DatabaseTls } from './database-tls.ts';
export { recordsOf, runInside, type RecordedMigration } from './inside-migrations.ts';
export { migrate, MIGRATION_LOCK, type ServiceSchema } from './migrate.ts';
export { ensureSchema, protectHistory } from './own-schema.ts';
export { runPrepared, type PreparedStatement } from './prepared-statement.ts';
export { missingOf, SHAPE, type SchemaShape } from './schema-shape.ts';
export { SchemaWatch, type ExpectedSchema } from './schema-watch.ts';
export {
  openBound,
  schemaOf,
  serviceDatabase,
  toDataSourceOptions,
  withPassword,
  type ServiceDatabaseOptions,
} from './service-database.ts';
export { Turnstile, TurnstileFullError } from './turnstile.ts';
