/** A UUIDv7 of a moment: 48 bits of milliseconds, 12 bits of a fraction of one, 62 random bits. */
export const IDS = `
  CREATE FUNCTION audit_id(tick bigint) RETURNS uuid LANGUAGE sql VOLATILE AS $$
    SELECT (lpad(to_hex(tick >> 12), 12, '0') || '7' || lpad(to_hex(tick & 4095), 3, '0')
      || substr(replace(gen_random_uuid()::text, '-', ''), 17))::uuid
  $$`;

/**
 * The one way into the log, hence SECURITY DEFINER and a fixed search path: it sets id, number and time, and chains the entry.
 * The chain's head is locked until the transaction ends, so that the order of a chain is total whoever writes to it.
 */
export const RECORD = `
  CREATE FUNCTION record_audit_entry(
    team text, actor_kind text, actor_id text, actor_name text, action text, object_kind text, object_id text,
    before jsonb, after jsonb, client jsonb
  ) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = auth, pg_temp AS $$
  DECLARE
    chain_name constant text := coalesce(team, 'people');
    head audit_heads;
    entry audit_entries;
  BEGIN
    SELECT * INTO head FROM audit_heads h WHERE h.chain = chain_name FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO audit_heads (chain) VALUES (chain_name) ON CONFLICT DO NOTHING;
      SELECT * INTO head FROM audit_heads h WHERE h.chain = chain_name FOR UPDATE;
    END IF;
    head.seq := head.seq + 1;
    head.at := greatest(clock_timestamp(), head.at);
    head.tick := greatest(floor(extract(epoch FROM head.at) * 4096000)::bigint, head.tick + 1);
    entry.id := audit_id(head.tick);
    entry.seq := head.seq;
    entry.at := head.at;
    entry.team_id := team;
    entry.actor_kind := actor_kind;
    entry.actor_id := actor_id;
    entry.action := action;
    entry.object_kind := object_kind;
    entry.object_id := object_id;
    entry.before := before;
    entry.after := after;
    entry.client := client;
    entry := audit_seal(head.hash, entry, actor_name);
    INSERT INTO audit_entries VALUES (entry.*);
    UPDATE audit_heads h SET seq = head.seq, hash = entry.hash, at = head.at, tick = head.tick WHERE h.chain = chain_name;
    RETURN entry.id;
  END
  $$`;
