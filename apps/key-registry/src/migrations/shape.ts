import type { SchemaShape } from '@orgn/database';

/** What the migrations make of key_registry: written by UPDATE_DOCS=1 on tools/migrate/src/schema-shapes.int.spec.ts, not by hand. */
export const shape: SchemaShape = [
  'column api_keys: budgets concurrency created_at! created_by digest! digest_kid! disabled_at execution_policy! expires_at generation! grace_seconds hint! id! ip_allow_list last_used_at last_used_from last_used_with lineage_id! models name! owner_id replaced_by replaces revocation_reason revoked_at rpm soft_budgets! suspended_at team_id! tpm',
  'column grants: as_key created_at! digest! ended_at execution_policy! expires_at! id! owner_id! request_id! session_id! team_id!',
  'column monthly_budgets: changed_at! is_soft! member_id! team_id! usd!',
  'column team_standings: changed_at! shows_balance! standing! team_id! tee_demands',
  'constraint api_keys: api_keys_budgets_check api_keys_check api_keys_check1 api_keys_concurrency_check api_keys_created_by_check api_keys_digest_check api_keys_digest_key api_keys_digest_kid_check api_keys_ends_once_replaced api_keys_execution_policy_check api_keys_expires_after_creation api_keys_follows_another api_keys_generation_check api_keys_grace_of_replaced api_keys_grace_seconds_check api_keys_hint_check api_keys_id_check api_keys_ip_allow_list_check api_keys_last_used_from_check api_keys_last_used_with_check api_keys_lineage_id_check api_keys_models_check api_keys_name_check api_keys_owner_id_check api_keys_pkey api_keys_replaces_key api_keys_revocation_reason_check api_keys_revoked_for_a_reason api_keys_rpm_check api_keys_soft_budgets_check api_keys_team_id_check api_keys_tpm_check',
  'constraint grants: grants_digest_check grants_digest_key grants_execution_policy_check grants_id_check grants_pkey grants_request_key',
  'constraint monthly_budgets: monthly_budgets_pkey monthly_budgets_usd_check',
  'constraint team_standings: team_standings_pkey team_standings_standing_check team_standings_team_id_check team_standings_tee_demands_check',
  'index api_keys: api_keys_awaiting_use api_keys_digest_key api_keys_name api_keys_newest_of_team api_keys_pkey api_keys_replaces_key',
  'index grants: grants_age grants_digest_key grants_pkey grants_request_key grants_session',
  'index monthly_budgets: monthly_budgets_pkey',
  'index team_standings: team_standings_pkey',
];
