import type { Choice, Completion } from './completion.ts';

/** A completion as one provider sends it: with its id, its time and what the control state hides. */
export interface Answer extends Completion {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** False when the control state says `usage: "none"`. */
  readonly showsUsage: boolean;
  /** Prompt tokens that came from a cache. */
  readonly cachedTokens: number;
  /** Whose credential was used, where a provider tells. */
  readonly credentialType: string;
}

/** The numbers of the last token of an embedding or a completion. */
export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly cachedTokens?: number;
  readonly reasoningTokens?: number;
}

/** Everything a choice says, joined. */
export function textOf(choice: Choice): string {
  return choice.tokens.slice(choice.reasoning ?? 0).join('');
}

/** Everything a choice thinks, joined; null for nothing. */
export function reasoningOf(choice: Choice): string | null {
  return choice.tokens.slice(0, choice.reasoning ?? 0).join('') || null;
}

/** The numbers of a whole answer. */
export function usageNumbers(answer: Answer): Usage {
  const { promptTokens, completionTokens, cachedTokens, choices } = answer;
  const reasoningTokens = choices.reduce((sum, { reasoning = 0 }) => sum + reasoning, 0);
  return { promptTokens, completionTokens, cachedTokens, reasoningTokens };
}

/** Log probabilities of some tokens in OpenAI's form, null when the caller did not ask for them. */
export function logprobsOf(answer: Answer, tokens: readonly string[]): object | null {
  const top = answer.request.topLogprobs;
  if (top === undefined) return null;
  return { content: tokens.map((token) => ({ ...logprobOf(token, 0), top_logprobs: alternatives(token, top) })) };
}

function alternatives(token: string, count: number): object[] {
  return Array.from({ length: Math.min(count, 20) }, (_, rank) => logprobOf(rank === 0 ? token : ` ${rank}`, rank));
}

function logprobOf(token: string, rank: number): { token: string; logprob: number; bytes: number[] } {
  return { token, logprob: -0.125 * (rank + 1), bytes: [...Buffer.from(token)] };
}
