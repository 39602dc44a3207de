import type { ClientBase } from 'pg';

/** Text means the same whoever reads it: no setting of a role or a database may change how values are written. */
const PLAIN = [
  "SET LOCAL client_encoding = 'UTF8'",
  "SET LOCAL DateStyle = 'ISO, MDY'",
  "SET LOCAL IntervalStyle = 'postgres'",
  "SET LOCAL TimeZone = 'UTC'",
  'SET LOCAL extra_float_digits = 1',
  "SET LOCAL bytea_output = 'hex'",
  "SET LOCAL search_path = ''",
];

/** For the transaction that is open. */
export async function setPlain(client: ClientBase): Promise<void> {
  for (const statement of PLAIN) await client.query(statement);
}
