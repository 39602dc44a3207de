import type { TokenizerFamily } from '@orgn/contracts';
import { features, featuresOf } from './text-features.ts';
import { usualTokenizer } from './tokenizer-family.ts';
import { weightOf } from './tokenizer-weights.ts';

/**
 * How many tokens a text is likely to be, without its tokenizer: within 15 % for English, German, code and JSON of more than
 * a few sentences, 25 % for Chinese. Linear in the text. Never a bound: what decides counts bytes.
 * @param text bytes are read as UTF-8
 */
export function estimateTokens(text: string | Buffer, family: TokenizerFamily = usualTokenizer): number {
  return Math.ceil(likelyTokens(typeof text === 'string' ? text : text.toString('utf8'), family));
}

/** The same before it is rounded, for sums. */
export function likelyTokens(text: string, family: TokenizerFamily): number {
  if (text.length === 0) return 0;
  const counts = featuresOf(text);
  const tokens = features.reduce((sum, feature) => sum + counts[feature] * weightOf(feature, family), 0);
  // No byte-level tokenizer makes more tokens than there are bytes, and none makes nothing of something.
  return Math.min(Math.max(tokens, 1), Buffer.byteLength(text));
}
