import type { SchemaShape } from '@orgn/database';

/** What the migrations make of usage_metering: written by UPDATE_DOCS=1 on tools/migrate/src/schema-shapes.int.spec.ts, not by hand. */
export const shape: SchemaShape = [
  'column idempotency_keys: body_hmac! key_hmac! outcome request_id! started_at! team_id!',
  'column idempotency_secrets: day! expires_at! secret!',
  'column listed_prices: listed_at! listed_by! model! price! version!',
  'column quarantined_words: at! id! payload reason! subject! witness',
  'column returned_words: id! payload! subject!',
  'column usage_rows: audio_seconds cache_write_tokens cached_tokens claims completion_tokens! cost_nano_usd! counted_by! duration_ms! execution! images instance key_id! lineage_id model! outcome! owner_id price_version! prompt_tokens! provider! rank! reasoning_tokens recorded_at! request_id! requests search_units second_of started_at! streamed! team_id! witness!',
  'column usage_rows_default: audio_seconds cache_write_tokens cached_tokens claims completion_tokens! cost_nano_usd! counted_by! duration_ms! execution! images instance key_id! lineage_id model! outcome! owner_id price_version! prompt_tokens! provider! rank! reasoning_tokens recorded_at! request_id! requests search_units second_of started_at! streamed! team_id! witness!',
  'constraint idempotency_keys: idempotency_keys_pkey',
  'constraint idempotency_secrets: idempotency_secrets_pkey idempotency_secrets_secret_check',
  'constraint listed_prices: listed_prices_pkey',
  'constraint quarantined_words: quarantined_words_pkey',
  'constraint returned_words: returned_words_pkey',
  'constraint usage_rows: usage_rows_completion_tokens_check usage_rows_cost_nano_usd_check usage_rows_pkey usage_rows_prompt_tokens_check',
  'constraint usage_rows_default: usage_rows_completion_tokens_check usage_rows_cost_nano_usd_check usage_rows_default_pkey usage_rows_prompt_tokens_check',
  'function: begin_idempotent lowest_request_id make_usage_partitions',
  'index idempotency_keys: idempotency_keys_pkey idempotency_keys_request idempotency_keys_started',
  'index idempotency_secrets: idempotency_secrets_pkey',
  'index listed_prices: listed_prices_pkey',
  'index quarantined_words: quarantined_words_pkey',
  'index returned_words: returned_words_pkey',
  'index usage_rows: usage_rows_pkey usage_rows_team usage_rows_team_time',
  'index usage_rows_default: usage_rows_default_pkey usage_rows_default_team_id_request_id_idx usage_rows_default_team_id_started_at_idx',
];
