import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Takes what names a person out of everything. Of the audit log that is what lies beside its hashes, whose digests stay: entries
 * remain as good as they were. SECURITY DEFINER, because the service itself may change no entry: what it can have blanked by this
 * is what names somebody whom it deletes.
 */
const FORGET = `
  CREATE FUNCTION forget_person(person text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = auth, pg_temp AS $$
  DECLARE
    address text;
  BEGIN
    SELECT lower(u.email) INTO STRICT address FROM users u WHERE u.id = person FOR UPDATE;
    UPDATE audit_entries e SET client = NULL, names = NULL, salt = NULL
      WHERE e.salt IS NOT NULL AND (e.actor_id = person OR e.object_id = person
        OR (address <> '' AND address IN (lower(e.names->'after'->>'email'), lower(e.names->'before'->>'email'))));
    DELETE FROM sessions s WHERE s.user_id = person;
    DELETE FROM invitations i WHERE address <> '' AND lower(i.email) = address;
    DELETE FROM daily_counts c WHERE c.whose = person;
    UPDATE users u SET iss = 'urn:orgn-gateway:deleted', sub = u.id, email = '', email_verified = false, name = '', last_signed_in_at = NULL
      WHERE u.id = person;
  END
  $$`;

export class ForgetPeople1796500100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(FORGET);
    await runner.query('REVOKE ALL ON FUNCTION forget_person(text) FROM PUBLIC');
    await runner.query('GRANT EXECUTE ON FUNCTION forget_person(text) TO auth');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION forget_person(text)');
  }
}
