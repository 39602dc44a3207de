import { z } from 'zod';
import { membersOf, type JsonMember } from '../json/json-members.ts';
import type { Edit } from '../json/splice.ts';

/** A provider's own token counts. */
export interface ProviderUsage {
  promptTokens: number;
  completionTokens: number;
}

/** What the router needs to know of an answer, or of one chunk of a streamed one. */
export interface ChatAnswerParts {
  usage: ProviderUsage | undefined;
  /** Whether any choice is in it; the last chunk of a stream carries usage alone. */
  hasChoices: boolean;
  /** Whether every choice in it says why it ended. */
  hasFinished: boolean;
  /** The provider reports a failure inside the answer. */
  hasError: boolean;
  /** Number of choices that carry newly generated output. */
  outputs: number;
  members: JsonMember[];
}

const tokens = z.number().int().nonnegative();
const usageShape = z.object({ prompt_tokens: tokens, completion_tokens: tokens.default(0) });
const answerShape = z.object({
  usage: z.unknown().optional(),
  error: z.unknown().optional(),
  choices: z
    .array(
      z.object({ delta: z.record(z.string(), z.unknown()).nullish(), finish_reason: z.unknown().optional() }).loose(),
    )
    .nullish(),
});

/**
 * Reads an answer or a chunk.
 * @param json its bytes
 * @returns undefined when they are not the JSON object they should be
 */
export function readChatAnswer(json: Buffer): ChatAnswerParts | undefined {
  const answer = answerShape.safeParse(parseOrUndefined(json)).data;
  if (!answer) return undefined;
  const usage = usageShape.safeParse(answer.usage).data;
  const choices = answer.choices ?? [];
  return {
    usage: usage && { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens },
    hasChoices: choices.length > 0,
    hasFinished: choices.every((choice) => Boolean(choice.finish_reason)),
    hasError: answer.error !== undefined && answer.error !== null,
    outputs: choices.filter((choice) => isOutput(choice.delta)).length,
    members: membersOf(json),
  };
}

/** Shows the caller the gateway's model id instead of the provider's name. */
export function modelEdit(parts: ChatAnswerParts, modelId: string): Edit[] {
  return parts.members
    .filter((member) => member.name === 'model')
    .map((member) => ({ start: member.valueStart, end: member.valueEnd, text: JSON.stringify(modelId) }));
}

/** Takes the `usage` member out of a chunk, with the comma that belonged to it. */
export function usageRemoval(parts: ChatAnswerParts): Edit[] {
  const at = parts.members.findIndex((member) => member.name === 'usage');
  const [before, member, after] = [parts.members[at - 1], parts.members[at], parts.members[at + 1]];
  if (!member) return [];
  if (before) return [{ start: before.valueEnd, end: member.valueEnd, text: '' }];
  return [{ start: member.start, end: after?.start ?? member.valueEnd, text: '' }];
}

/** A delta that says something: not the opening role, not an empty closing one. */
function isOutput(delta: Record<string, unknown> | null | undefined): boolean {
  if (!delta) return false;
  return ['content', 'reasoning_content', 'reasoning', 'refusal', 'tool_calls'].some((name) => Boolean(delta[name]));
}

function parseOrUndefined(json: Buffer): unknown {
  try {
    return JSON.parse(json.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
