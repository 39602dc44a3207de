/** Makes the months that entries from before are in; what lies outside ten years goes to the default partition. */
const OLD_MONTHS = `
  DO $$
  DECLARE
    month timestamp;
  BEGIN
    FOR month IN
      SELECT DISTINCT date_trunc('month', to_timestamp(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0)
        AT TIME ZONE 'UTC')
      FROM audit_entries_before WHERE id >= audit_lowest_id(now() - interval '10 years') AND id < audit_lowest_id(now())
    LOOP
      PERFORM make_audit_month(month);
    END LOOP;
    PERFORM make_audit_months();
  END
  $$`;

/** Chains what was written before there were chains, in the order of ids, which was that of time. */
const CHAIN_ALL = `
  DO $$
  DECLARE
    old record;
    entry audit_entries;
    head audit_heads;
    now_tick constant bigint := floor(extract(epoch FROM now()) * 4096000)::bigint;
  BEGIN
    FOR old IN SELECT * FROM audit_entries_before ORDER BY coalesce(team_id, 'people') COLLATE "C", id LOOP
      IF head.chain IS DISTINCT FROM coalesce(old.team_id, 'people') THEN
        IF head.chain IS NOT NULL THEN INSERT INTO audit_heads VALUES (head.*); END IF;
        head := ROW(coalesce(old.team_id, 'people'), 0, decode(repeat('00', 32), 'hex'), '-infinity'::timestamptz, now_tick);
      END IF;
      head.seq := head.seq + 1;
      entry := ROW(old.id, head.seq, old.at, old.team_id, old.actor_kind, old.actor_id, old.action, old.object_kind,
        old.object_id, old.before, old.after, old.client, NULL, NULL, NULL, NULL, NULL);
      entry := audit_seal(head.hash, entry, NULL);
      INSERT INTO audit_entries VALUES (entry.*);
      head.hash := entry.hash;
      -- A time that somebody made up must not stand in the way of true ones.
      head.at := greatest(head.at, least(old.at, now()));
    END LOOP;
    IF head.chain IS NOT NULL THEN INSERT INTO audit_heads VALUES (head.*); END IF;
  END
  $$`;

export const TAKING_OVER = [OLD_MONTHS, CHAIN_ALL, 'DROP TABLE audit_entries_before'] as const;

/** What undoing leaves: the table as it was, with what it says now. */
export const GIVING_BACK = [
  `CREATE TABLE audit_entries_before AS
    SELECT id, at, team_id, actor_kind, actor_id, action, object_kind, object_id,
      before || coalesce(names -> 'before', '{}') AS before, after || coalesce(names -> 'after', '{}') AS after, client
    FROM audit_entries`,
  'DROP TABLE audit_entries CASCADE',
  'ALTER TABLE audit_entries_before RENAME TO audit_entries',
  'ALTER TABLE audit_entries ADD PRIMARY KEY (id), ALTER at SET DEFAULT now(), ALTER at SET NOT NULL',
  'REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM auth',
] as const;
