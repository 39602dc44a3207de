import { ConfigError, readConfig, toSafeError } from '@orgn/service-kit';
import { migrate } from '@orgn/database';
import { MigrateConfig } from './config.ts';
import { toServiceSchemas } from './service-schemas.ts';
import { waitForPostgres } from './wait-for-postgres.ts';

const say = (line: string) => process.stderr.write(`migrate: ${line}\n`);

try {
  const config = readConfig(MigrateConfig);
  await waitForPostgres(config.DATABASE_ADMIN_URL, say);
  const schemas = toServiceSchemas(config);
  await migrate(config.DATABASE_ADMIN_URL, schemas);
  say(`up to date: ${schemas.map(({ name }) => name).join(', ')}`);
} catch (error) {
  // Foreign messages may quote a URL or a statement with a password in it.
  say(`failed: ${error instanceof ConfigError ? error.message : JSON.stringify(toSafeError(error))}`);
  process.exitCode = 1;
}
