import type { JsonMember } from '../json/json-members.ts';
import { chatKnobs } from './engine-fields.ts';

/**
 * What answers at a provider: `vllm` stands for engines of open-weight models, which take vLLM's members beside OpenAI's;
 * `openai` for those that refuse what OpenAI does not know.
 */
export type Engine = 'vllm' | 'openai';

/** Members that only engines of open-weight models take. Elsewhere the router leaves them out. */
const vllmOnly: ReadonlySet<string> = new Set([
  ...Object.keys(chatKnobs),
  'include_reasoning',
  'input_type',
  'normalize',
  'truncate',
]);

/** Whether an engine takes a member; all know those that are not listed here. */
export const takes = (engine: Engine, name: string) => engine === 'vllm' || !vllmOnly.has(name);

/** The members of a request that an engine does not take. */
export function untaken(members: readonly JsonMember[], engine: Engine): string[] {
  if (engine === 'vllm') return [];
  return members.flatMap(({ name }) => (takes(engine, name) ? [] : [name]));
}
