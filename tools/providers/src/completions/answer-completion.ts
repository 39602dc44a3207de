import { countAt, modelOf, parseChatRequest } from '../chat/chat-request.ts';
import { complete } from '../chat/completion.ts';
import { checkRoute, now } from '../exchange/call.ts';
import type { Call } from '../exchange/call.ts';
import { deliverPlain, deliverStream } from '../exchange/deliver.ts';
import { parseObject } from '../http/read-body.ts';
import { badRequest } from '../http/refusal.ts';
import { completionEvents, completionText } from './completion-text.ts';

// What OpenAI takes for granted when a request of this endpoint sets no limit.
const usualMaxTokens = 16;

/** `POST completions`: the older endpoint. Answers as chat would, in this endpoint's form; each prompt has n choices. */
export async function answerCompletion({ wire, exchange, body, behaviour }: Call): Promise<void> {
  const sent = parseObject(body);
  const prompts = promptsOf(sent.prompt);
  const request = parseChatRequest({
    ...sent,
    model: modelOf(sent),
    messages: [{ role: 'user', content: prompts.join('\n') }],
    max_tokens: countAt(sent, 'max_tokens') ?? usualMaxTokens,
    n: (countAt(sent, 'n') ?? 1) * prompts.length,
    logprobs: undefined,
  });
  checkRoute(wire, request);
  const completion = complete(request, body.length, behaviour.usage === 'max');
  const answer = {
    ...completion,
    id: `cmpl-${wire.newId('chat')}`,
    createdAt: now(),
    showsUsage: behaviour.usage !== 'none',
  };
  exchange.entry.begin(answer.id, request.model, answer.promptTokens);
  const headers = wire.headers();
  if (request.stream) return deliverStream(exchange, { events: completionEvents(answer), headers }, behaviour);
  const { completionTokens } = answer;
  return deliverPlain(exchange, { text: completionText(answer), headers, completionTokens }, behaviour);
}

/** Texts or lists of tokens; tokens are written out, so that every one of them counts. */
function promptsOf(prompt: unknown): readonly string[] {
  if (typeof prompt === 'string') return [prompt];
  if (!Array.isArray(prompt) || prompt.length === 0) throw badRequest('prompt', 'Field required: prompt');
  if (prompt.every((item) => typeof item === 'string')) return prompt;
  if (prompt.every((item) => typeof item === 'number')) return [prompt.join(' ')];
  if (prompt.every((item) => Array.isArray(item))) return prompt.map((item) => item.join(' '));
  throw badRequest('prompt', 'prompt must be text, a list of texts, tokens or a list of token lists');
}
