import type { DatabaseTls } from '@orgn/database';
import { Client } from 'pg';

/** How long the audit log keeps what, in days; absent: for ever. */
export interface AuditRetention {
  /** Entries. They are dropped by whole months. */
  entryDays?: number | undefined;
  /** Addresses, clients and names in entries. */
  personalDays?: number | undefined;
}

/**
 * Drops and blanks what is too old in the audit log. No service may do this: the log's tables are the admin role's. The chains
 * hold all the same: a chain begins at the last entry that was dropped, and covers digests of what was blanked.
 * @param tls how the server is reached; absent: in the clear
 * @returns what was done, a line each; none when nothing was too old
 */
export async function keepAuditRetention(
  adminUrl: string,
  retention: AuditRetention,
  tls: DatabaseTls = false,
): Promise<string[]> {
  const admin = new Client({ connectionString: adminUrl, ssl: tls });
  await admin.connect();
  try {
    const dropped = await ask(admin, 'expire_audit_entries', retention.entryDays);
    const blanked = await ask(admin, 'blank_audit_entries', retention.personalDays);
    return [
      ...(dropped > 0 ? [`${dropped} audit entries were dropped for their age`] : []),
      ...(blanked > 0 ? [`addresses, clients and names of ${blanked} audit entries were blanked for their age`] : []),
    ];
  } finally {
    await admin.end();
  }
}

async function ask(admin: Client, what: string, days: number | undefined): Promise<number> {
  if (days === undefined) return 0;
  const { rows } = await admin.query<{ count: string }>(`SELECT auth.${what}($1) AS count`, [days]);
  return Number(rows[0]?.count);
}
