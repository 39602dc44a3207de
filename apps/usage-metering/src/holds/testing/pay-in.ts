import type { TeamId } from '@orgn/contracts';
import type { Client } from 'pg';

/** Gives a team so much, in nano-USD: an entry, and what is made of it. @param admin whose search path is metering's schema */
export async function payIn(admin: Client, team: TeamId, nanoUsd: number): Promise<void> {
  await admin.query('SELECT lock_books(ARRAY[$1])', [team]);
  const once = "'credit', $2, 'test', 'test', gen_random_uuid()::text, NULL";
  await admin.query(`SELECT book_money($1, ${once})`, [team, nanoUsd]);
}
