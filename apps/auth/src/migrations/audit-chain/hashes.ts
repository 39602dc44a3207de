/** How an entry is hashed; audit/audit-chain.ts does the same to check it. Every part has its length before it, or -1 for none. */
export const HASHES = [
  `CREATE FUNCTION audit_part(value text) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN value IS NULL THEN int4send(-1)
      ELSE int4send(octet_length(convert_to(value, 'UTF8'))) || convert_to(value, 'UTF8') END
  $$`,
  `CREATE FUNCTION audit_digest(salt bytea, label text, value jsonb) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = auth, pg_temp AS $$
    SELECT CASE WHEN value IS NOT NULL THEN sha256(salt || audit_part(label) || audit_part(value::text)) END
  $$`,
  `CREATE FUNCTION audit_hash(previous bytea, entry audit_entries) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE
    SET search_path = auth, pg_temp AS $$
    SELECT sha256(previous || audit_part('orgn-audit-1') || audit_part(coalesce(entry.team_id, 'people'))
      || audit_part(entry.seq::text) || audit_part(entry.id::text)
      || audit_part((extract(epoch FROM entry.at) * 1000000)::bigint::text)
      || audit_part(entry.actor_kind) || audit_part(entry.actor_id) || audit_part(entry.action)
      || audit_part(entry.object_kind) || audit_part(entry.object_id)
      || audit_part(entry.before::text) || audit_part(entry.after::text)
      || audit_part(encode(entry.client_digest, 'hex')) || audit_part(encode(entry.names_digest, 'hex')))
  $$`,
] as const;

/** Members of what an entry says that name a person: they are kept apart, among the names. */
const PERSONAL = `ARRAY['email', 'sub']`;

/** Fills in what an entry is chained by: its personal parts apart, their digests, and its hash. */
export const SEALS = [
  `CREATE FUNCTION audit_personal(said jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT jsonb_object_agg(key, value) FROM jsonb_each(said) WHERE key = ANY (${PERSONAL})
  $$`,
  `CREATE FUNCTION audit_seal(previous bytea, entry audit_entries, actor_name text) RETURNS audit_entries
    LANGUAGE plpgsql SET search_path = auth, pg_temp AS $$
  BEGIN
    entry.names := nullif(jsonb_strip_nulls(jsonb_build_object('actor', actor_name,
      'before', audit_personal(entry.before), 'after', audit_personal(entry.after))), '{}');
    entry.before := entry.before - ${PERSONAL};
    entry.after := entry.after - ${PERSONAL};
    entry.salt := uuid_send(gen_random_uuid());
    entry.client_digest := audit_digest(entry.salt, 'client', entry.client);
    entry.names_digest := audit_digest(entry.salt, 'names', entry.names);
    entry.hash := audit_hash(previous, entry);
    RETURN entry;
  END
  $$`,
] as const;
