import type { ClientBase } from 'pg';

/** Makes the schema of the login role of that name, in which the role may use the rows of what the admin makes. */
export async function ensureSchema(admin: ClientBase, name: string): Promise<void> {
  const role = admin.escapeIdentifier(name);
  await admin.query(`CREATE SCHEMA IF NOT EXISTS ${role}`);
  await admin.query(`GRANT USAGE ON SCHEMA ${role} TO ${role}`);
  await admin.query(
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${role} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${role}`,
  );
  await admin.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA ${role} GRANT USAGE ON SEQUENCES TO ${role}`);
}

/** A service sees which migrations have run, and must not be able to make the next job believe that others have. */
export async function protectHistory(admin: ClientBase, name: string): Promise<void> {
  const role = admin.escapeIdentifier(name);
  await admin.query(`REVOKE ALL ON TABLE ${role}.migrations FROM ${role}`);
  await admin.query(`GRANT SELECT ON TABLE ${role}.migrations TO ${role}`);
}
