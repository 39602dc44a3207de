import { databaseTls, migrate, withPassword } from '@orgn/database';
import { ConfigError, readConfig, toSafeError } from '@orgn/service-kit';
import { keepAuditRetention } from './audit-retention.ts';
import { MigrateConfig } from './config.ts';
import { toServiceSchemas } from './service-schemas.ts';
import { waitForPostgres } from './wait-for-postgres.ts';

/**
 * The job: brings every service's schema and login role up to date. Safe to repeat and to run twice at a time.
 * @param say hears a line for each step; no line holds a secret
 * @returns the exit code
 */
export async function runMigrations(
  say: (line: string) => void,
  environment?: Record<string, string | undefined>,
): Promise<0 | 1> {
  try {
    const config = readConfig(MigrateConfig, environment);
    const url = withPassword(config.DATABASE_ADMIN_URL, config.DATABASE_ADMIN_PASSWORD);
    const tls = databaseTls(config);
    await waitForPostgres(url, say, { tls });
    const schemas = toServiceSchemas(config);
    say(`bringing up to date: ${schemas.map(({ name }) => name).join(', ')}`);
    for (const notice of await migrate(url, schemas, tls)) say(`note: ${notice}`);
    const { AUDIT_RETENTION_DAYS: entryDays, AUDIT_PERSONAL_DAYS: personalDays } = config;
    for (const line of await keepAuditRetention(url, { entryDays, personalDays }, tls)) say(line);
    say('up to date');
    return 0;
  } catch (error) {
    // Foreign messages may quote a URL or a statement with a password in it.
    say(`failed: ${error instanceof ConfigError ? error.message : JSON.stringify(toSafeError(error))}`);
    return 1;
  }
}
