import type { RoutingClaims } from '@orgn/contracts';
import type { AnswerParts, ProviderUsage } from '@orgn/dialects';
import type { AnswerEstimate, InferenceRequest } from '../endpoints/endpoint.ts';
import { tokensOfLength } from '../endpoints/token-estimate.ts';
import { boundsOf } from '../usage/usage-bounds.ts';
import { countOf, type UsageCount } from '../usage/usage-count.ts';
import type { Target } from './target.ts';

/** Tokens that nobody sees: ends of turns, marks of channels and calls, halves of characters. */
const UNSEEN_TOKENS = 64;
const UNSEEN_PER_CHUNK = 1;

/** What counts of a chunk of a stream. */
export type HeardParts = Pick<AnswerParts, 'usage' | 'tellsUsage' | 'outputs' | 'outputLength' | 'callLength'>;

/** What was heard of one answer: the provider's figures and the output that passed by. */
export class Hearing {
  /** What the provider claims of its routing. */
  claims: RoutingClaims | undefined;
  /** The caller owes the prompt, whether anything was made of it or not. */
  isPromptOwed = false;
  #usage: ProviderUsage | undefined;
  #whole: AnswerEstimate | undefined;
  #chunks = 0;
  #length = 0;
  #callLength = 0;

  /** A chunk of a stream. What a later one says of usage replaces what was said. */
  hear(parts: HeardParts): void {
    if (parts.tellsUsage) this.#usage = parts.usage;
    this.#chunks += parts.outputs;
    this.#length += parts.outputLength;
    this.#callLength += parts.callLength;
  }

  /** @param estimate what the answer is taken to have used when the provider's figures are none, or none to be believed */
  hearWhole(parts: AnswerParts, estimate: AnswerEstimate): void {
    this.#usage = parts.usage;
    this.#whole = estimate;
  }

  countFor(request: InferenceRequest, { model, kind }: Target): UsageCount {
    // Where a chunk need not be a token, the length of the text tells more.
    const tokens = kind.hasTokenChunks ? this.#chunks : Math.max(this.#chunks, tokensOfLength(this.#length));
    return countOf({
      usage: this.#usage,
      outputs: this.#whole ?? { completionTokens: tokens },
      wasAnswered: this.#whole !== undefined || this.#chunks > 0,
      isPromptOwed: this.isPromptOwed,
      promptEstimate: () => request.promptEstimate(model.tokenizer),
      images: request.images,
      bounds: boundsOf(request, model),
      seenTokens: this.#whole === undefined && kind.hasTokenChunks ? this.#seenTokens : undefined,
    });
  }

  /** Every token came in a chunk, but those that are never shown; calls may come in one piece, of a byte a token at least. */
  get #seenTokens(): number {
    return this.#chunks * (1 + UNSEEN_PER_CHUNK) + this.#callLength + UNSEEN_TOKENS;
  }
}
