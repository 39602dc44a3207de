import type { MigrationInterface, QueryRunner } from 'typeorm';
import { HASHES, SEALS } from './audit-chain/hashes.ts';
import { MONTHS } from './audit-chain/months.ts';
import { IDS, RECORD } from './audit-chain/recording.ts';
import { CUTS, ENTRIES, HEADS, INDEXES } from './audit-chain/tables.ts';
import { GIVING_BACK, TAKING_OVER } from './audit-chain/taking-over.ts';

/** Whom a function serves besides its owner. */
const FUNCTIONS = {
  'audit_part(text)': 'nobody',
  'audit_digest(bytea, text, jsonb)': 'nobody',
  'audit_hash(bytea, audit_entries)': 'nobody',
  'audit_personal(jsonb)': 'nobody',
  'audit_seal(bytea, audit_entries, text)': 'nobody',
  'audit_id(bigint)': 'nobody',
  'audit_lowest_id(timestamptz)': 'nobody',
  'make_audit_month(timestamp)': 'nobody',
  'make_audit_months()': 'auth',
  'expire_audit_entries(integer)': 'nobody',
  'blank_audit_entries(integer)': 'nobody',
  'record_audit_entry(text, text, text, text, text, text, text, jsonb, jsonb, jsonb)': 'auth',
} as const;

/** Entries are written by one function only, chained by a hash, and dropped by the month. */
export class ChainAuditEntries1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_entries RENAME TO audit_entries_before');
    await runner.query('ALTER INDEX audit_entries_of_team RENAME TO audit_entries_before_of_team');
    await runner.query('ALTER INDEX audit_entries_of_object RENAME TO audit_entries_before_of_object');
    await runner.query('ALTER INDEX audit_entries_pkey RENAME TO audit_entries_before_pkey');
    await runner.query(ENTRIES);
    await runner.query('CREATE TABLE audit_entries_default PARTITION OF audit_entries DEFAULT');
    for (const statement of [...INDEXES, HEADS, CUTS, ...HASHES, ...SEALS, IDS, RECORD, ...MONTHS]) {
      await runner.query(statement);
    }
    for (const [signature, audience] of Object.entries(FUNCTIONS)) {
      await runner.query(`REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);
      if (audience === 'auth') await runner.query(`GRANT EXECUTE ON FUNCTION ${signature} TO auth`);
    }
    for (const statement of TAKING_OVER) await runner.query(statement);
    // Not even the service itself writes, changes or deletes; the function above writes for it.
    await runner.query('REVOKE ALL ON audit_entries, audit_entries_default, audit_heads, audit_cuts FROM auth');
    await runner.query('GRANT SELECT ON audit_entries, audit_heads, audit_cuts TO auth');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const signature of Object.keys(FUNCTIONS)) {
      await runner.query(`DROP FUNCTION ${signature} CASCADE`);
    }
    for (const statement of GIVING_BACK) await runner.query(statement);
    await runner.query('DROP TABLE audit_heads, audit_cuts');
    await runner.query('CREATE INDEX audit_entries_of_team ON audit_entries (team_id, id)');
    await runner.query('CREATE INDEX audit_entries_of_object ON audit_entries (object_id, id)');
  }
}
