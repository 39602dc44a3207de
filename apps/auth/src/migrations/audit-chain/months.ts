/** The smallest id of a moment. */
export const LOWEST_ID = `
  CREATE FUNCTION audit_lowest_id(moment timestamptz) RETURNS uuid LANGUAGE sql STABLE AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
  $$`;

/** Makes a month's partition unless it is there. Rows that waited in the default partition for want of it move to it. */
const MAKE_MONTH = `
  CREATE FUNCTION make_audit_month(month timestamp) RETURNS integer LANGUAGE plpgsql SET search_path = auth, pg_temp AS $$
  DECLARE
    partition constant text := 'audit_entries_' || to_char(month, 'YYYY_MM');
    first_id constant uuid := audit_lowest_id(month AT TIME ZONE 'UTC');
    end_id constant uuid := audit_lowest_id((month + interval '1 month') AT TIME ZONE 'UTC');
  BEGIN
    IF to_regclass(partition) IS NOT NULL THEN RETURN 0; END IF;
    EXECUTE format('CREATE TABLE %I (LIKE audit_entries INCLUDING CONSTRAINTS INCLUDING INDEXES)', partition);
    -- What the log allows nobody is not to be had of one of its months.
    EXECUTE format('REVOKE ALL ON %I FROM auth', partition);
    LOCK TABLE audit_entries_default IN ACCESS EXCLUSIVE MODE;
    EXECUTE format(
      'WITH moved AS (DELETE FROM audit_entries_default WHERE id >= $1 AND id < $2 RETURNING *)
       INSERT INTO %I SELECT * FROM moved', partition) USING first_id, end_id;
    EXECUTE format('ALTER TABLE audit_entries ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition, first_id, end_id);
    RETURN 1;
  END
  $$`;

/** The one change of tables that the service role may cause: this month and the next three, by the database's clock in UTC. */
const MAKE_MONTHS = `
  CREATE FUNCTION make_audit_months() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = auth, pg_temp SET lock_timeout = '3s' AS $$
  DECLARE
    this_month constant timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
    made integer := 0;
  BEGIN
    PERFORM pg_advisory_xact_lock(7214304);
    FOR ahead IN 0..3 LOOP
      made := made + make_audit_month(this_month + make_interval(months => ahead));
    END LOOP;
    RETURN made;
  END
  $$`;

/**
 * For the migrate job: drops the months that ended so many days ago, and keeps the last entry of each chain in them as its
 * cut. Answers how many entries are gone.
 */
const EXPIRE = `
  CREATE FUNCTION expire_audit_entries(days integer) RETURNS bigint LANGUAGE plpgsql
  SET search_path = auth, pg_temp SET lock_timeout = '10s' AS $$
  DECLARE
    bound constant timestamp := date_trunc('month', (now() - make_interval(days => days)) AT TIME ZONE 'UTC');
    first_kept constant uuid := audit_lowest_id(bound AT TIME ZONE 'UTC');
    partition text;
    gone bigint;
  BEGIN
    PERFORM pg_advisory_xact_lock(7214304);
    INSERT INTO audit_cuts (chain, seq, hash, at)
      SELECT DISTINCT ON (coalesce(team_id, 'people')) coalesce(team_id, 'people'), seq, hash, at FROM audit_entries
      WHERE id < first_kept ORDER BY coalesce(team_id, 'people'), seq DESC
      ON CONFLICT DO NOTHING;
    SELECT count(*) INTO gone FROM audit_entries WHERE id < first_kept;
    FOR partition IN
      SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'audit_entries'::regclass AND c.relname ~ '^audit_entries_\\d{4}_\\d{2}$'
        AND c.relname < 'audit_entries_' || to_char(bound, 'YYYY_MM')
    LOOP
      EXECUTE format('DROP TABLE %I', partition);
    END LOOP;
    DELETE FROM audit_entries WHERE id < first_kept;
    -- Entries from before there were chains may have ids out of order: a chain is cut at one place.
    IF gone > 0 THEN
      DELETE FROM audit_entries e USING audit_cuts c WHERE c.chain = coalesce(e.team_id, 'people') AND e.seq <= c.seq;
    END IF;
    RETURN gone;
  END
  $$`;

/** For the migrate job: forgets addresses, clients and names in entries older than so many days. */
const BLANK = `
  CREATE FUNCTION blank_audit_entries(days integer) RETURNS bigint LANGUAGE plpgsql SET search_path = auth, pg_temp AS $$
  DECLARE
    blanked bigint;
  BEGIN
    UPDATE audit_entries SET client = NULL, names = NULL, salt = NULL
      WHERE id < audit_lowest_id(now() - make_interval(days => days)) AND salt IS NOT NULL;
    GET DIAGNOSTICS blanked = ROW_COUNT;
    RETURN blanked;
  END
  $$`;

export const MONTHS = [LOWEST_ID, MAKE_MONTH, MAKE_MONTHS, EXPIRE, BLANK] as const;
