import type { TokenizerFamily } from '@orgn/contracts';

/** A middling one, for models that no name below is part of. */
export const usualTokenizer: TokenizerFamily = 'llama';

/**
 * Parts of models' names and whose tokenizer they count with, the first one that is found; a distilled model has that of
 * the model it grew from. Tokenizers that nobody publishes for our use go to the nearest one.
 */
const byName: readonly (readonly [RegExp, TokenizerFamily])[] = [
  [/qwen|qwq/, 'qwen'],
  [/llama/, 'llama'],
  [/claude/, 'claude'],
  [/gpt|(^|[^a-z])o[1345]([^a-z0-9]|$)|codex|embedding-3/, 'gpt'],
  [/deepseek|glm|kimi|minimax/, 'deepseek'],
];

/** The family of a model's tokenizer by its names, the provider's or ours. */
export function tokenizerOf(...names: readonly string[]): TokenizerFamily {
  for (const name of names) {
    const found = byName.find(([part]) => part.test(name.toLowerCase().replaceAll('_', '-')));
    if (found) return found[1];
  }
  return usualTokenizer;
}
