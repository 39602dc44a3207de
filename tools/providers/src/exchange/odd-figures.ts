import { figures, type Behaviour, type Figures } from '../control/control-state.ts';

type Usage = Record<string, unknown>;

/** Usage that no request can have had, or told in another way; changed in place of the honest figures. */
const odd: Record<Figures, (usage: Usage) => Usage> = {
  absurd: (usage) => ({ ...usage, prompt_tokens: 9_000_000, completion_tokens: 9_000_000, total_tokens: 18_000_000 }),
  cached: (usage) => ({ ...usage, prompt_tokens_details: { cached_tokens: 1_000_000 } }),
  deepseek: (usage) => ({
    ...usage,
    prompt_cache_hit_tokens: 1,
    prompt_cache_miss_tokens: Number(usage.prompt_tokens) - 1,
  }),
  fraction: (usage) => ({ ...usage, prompt_tokens: Number(usage.prompt_tokens) + 0.5 }),
  negative: (usage) => ({ ...usage, completion_tokens: -5 }),
  text: (usage) => ({ ...usage, prompt_tokens: String(usage.prompt_tokens) }),
  zero: (usage) => ({ ...usage, prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }),
};

/** An answer, or a chunk of one, as JSON text with the usage that the control state wants. */
export function withOddFigures(json: string, { usage }: Behaviour): string {
  if (!isFigures(usage) || !json.includes('"usage"')) return json;
  const answer = JSON.parse(json) as { usage?: Usage | null };
  return answer.usage ? JSON.stringify({ ...answer, usage: odd[usage](answer.usage) }) : json;
}

function isFigures(usage: Behaviour['usage']): usage is Figures {
  return figures.some((name) => name === usage);
}
