import { z } from 'zod';
import { refused } from './refused-field.ts';
import { ownObject, text } from './bounds.ts';

const scalar = z.union([z.string().max(1_024), z.number(), z.boolean()], 'must be a string, a number or a boolean');
const flag = z.boolean().nullish();
const count = z.number().int().min(0).nullish();
const json = z.union([text, ownObject], 'must be a JSON schema');

const NOT_OURS = 'it changes how the engine works, and not only for this request';
const TEMPLATE = 'the chat template is part of the model; chat_template_kwargs sets its switches';
const UNBOUNDED = 'its cost has no bound';

/**
 * Members of inference engines that no caller may set: they reach into the engine, into other requests, or have no bound.
 * Names: vLLM's OpenAI-compatible server.
 */
export const engineRefusals = {
  cache_salt: refused(NOT_OURS),
  chat_template: refused(TEMPLATE),
  kv_transfer_params: refused(NOT_OURS),
  logits_processors: refused(NOT_OURS),
  mm_processor_kwargs: refused(NOT_OURS),
  priority: refused(NOT_OURS),
  prompt_logprobs: refused(UNBOUNDED),
  request_id: refused('request ids are made by this gateway'),
  use_beam_search: refused(UNBOUNDED),
  vllm_xargs: refused(NOT_OURS),
};

/** Sampling beyond OpenAI's, as vLLM and most engines of open-weight models take it. */
export const samplingKnobs = {
  allowed_token_ids: z.array(z.number().int()).max(4_096).nullish(),
  bad_words: z.array(text).max(1_024).nullish(),
  ignore_eos: flag,
  include_stop_str_in_output: flag,
  length_penalty: z.number().nullish(),
  min_p: z.number().min(0).max(1).nullish(),
  min_tokens: count,
  repetition_penalty: z.number().min(0).nullish(),
  return_token_ids: flag,
  return_tokens_as_token_ids: flag,
  skip_special_tokens: flag,
  spaces_between_special_tokens: flag,
  stop_token_ids: z.array(z.number().int()).max(1_024).nullish(),
  top_k: z.number().int().min(-1).nullish(),
  truncate_prompt_tokens: z.number().int().min(-1).nullish(),
};

/** Output of a given form, by vLLM's present name and its older ones. */
export const structureKnobs = {
  guided_choice: z.array(text).max(1_024).nullish(),
  guided_decoding_backend: z.string().max(64).nullish(),
  guided_grammar: text.nullish(),
  guided_json: json.nullish(),
  guided_regex: text.nullish(),
  guided_whitespace_pattern: text.nullish(),
  structured_outputs: ownObject.nullish(),
};

/** Switches of the chat template, which for open-weight models is where thinking is turned off. */
export const templateKnobs = {
  add_generation_prompt: flag,
  add_special_tokens: flag,
  chat_template_kwargs: z
    .strictObject({
      ...engineRefusals,
      enable_thinking: scalar.nullish(),
      thinking: scalar.nullish(),
      thinking_budget: scalar.nullish(),
      reasoning_effort: scalar.nullish(),
      preserve_thinking: scalar.nullish(),
      clear_thinking: scalar.nullish(),
    })
    .nullish(),
  continue_final_message: flag,
};

/** The names by which other gateways and providers know how much a model thinks; the router says it as the provider does. */
export const thinkingKnobs = {
  enable_thinking: flag,
  include_reasoning: flag,
  reasoning: z
    .strictObject({
      effort: z.string().max(32).nullish(),
      enabled: flag,
      exclude: flag,
      max_tokens: count,
      summary: z.string().max(32).nullish(),
    })
    .nullish(),
  thinking: z.strictObject({ type: z.enum(['enabled', 'disabled', 'adaptive']), budget_tokens: count }).nullish(),
  thinking_budget: count,
};

/** All members of chat that only some engines take. */
export const chatKnobs = { ...samplingKnobs, ...structureKnobs, ...templateKnobs };

/** Those of them that translated endpoints take too, under the same names. */
export const translatedKnobs = {
  chat_template_kwargs: templateKnobs.chat_template_kwargs,
  min_p: samplingKnobs.min_p,
  repetition_penalty: samplingKnobs.repetition_penalty,
  top_k: samplingKnobs.top_k,
};

/** What a translated request says of these. */
export function translatedKnobsOf<R extends { [name in keyof typeof translatedKnobs]?: unknown }>(request: R) {
  const { chat_template_kwargs, min_p, repetition_penalty, top_k } = request;
  return { chat_template_kwargs, min_p, repetition_penalty, top_k } as Pick<R, keyof typeof translatedKnobs>;
}
