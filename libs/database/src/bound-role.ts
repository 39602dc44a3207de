import type { DataSource } from 'typeorm';

/** A service was given a role that may do more than a service has to. */
export class UnboundRoleError extends Error {
  /** For logs, which keep no message of an error. */
  readonly code: string;

  constructor(what: string) {
    super(
      `this database role may do more than a service has to: ${what}; run the migrate job, or give it its own role`,
    );
    this.name = 'UnboundRoleError';
    this.code = what;
  }
}

/** One row: what a role may do that no service has to. */
const RIGHTS = `
  SELECT r.rolsuper AS superuser, r.rolcreaterole AS "create-role", r.rolcreatedb AS "create-database",
    r.rolreplication AS replication, r.rolbypassrls AS "bypass-row-security", r.rolconnlimit < 0 AS "any-number-of-connections",
    has_database_privilege(current_database(), 'TEMP') AS "temporary-tables",
    has_database_privilege(current_database(), 'CREATE') AS "create-schema",
    has_schema_privilege(current_schema(), 'CREATE') AS "create-table"
  FROM pg_roles r WHERE r.rolname = current_user`;

/**
 * Holds a service to the role that the migrate job makes for it.
 * @throws UnboundRoleError naming the first right too many
 */
export async function requireBoundRole(source: DataSource): Promise<void> {
  const [rights] = await source.query<[Record<string, boolean> | undefined]>(RIGHTS);
  const excess = Object.entries(rights ?? { unknown: true }).find(([, granted]) => granted);
  if (excess) throw new UnboundRoleError(excess[0]);
}
