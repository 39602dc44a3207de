import { checkRoute, now } from '../exchange/call.ts';
import type { Call } from '../exchange/call.ts';
import { deliverPlain, deliverStream } from '../exchange/deliver.ts';
import { parseObject } from '../http/read-body.ts';
import type { Answer } from '../wire/answer.ts';
import type { Choice } from '../wire/completion.ts';
import { eventsOf } from '../wire/event-stream.ts';
import { parseChatRequest } from './chat-request.ts';
import type { ChatRequest } from './chat-request.ts';
import { complete } from './completion.ts';

/** `POST chat/completions` */
export async function answerChat({ wire, exchange, body, behaviour }: Call): Promise<void> {
  const request = parseChatRequest(parseObject(body));
  checkRoute(wire, request);
  const made = complete(request, body.length, behaviour.usage === 'max');
  const completion = { ...made, promptTokens: behaviour.promptTokens ?? made.promptTokens };
  const reasoning = behaviour.reasoningTokens ?? 0;
  const answer: Answer = {
    ...completion,
    choices: completion.choices.map((choice) => ({
      ...choice,
      reasoning: isWords(choice, request) ? Math.min(reasoning, choice.tokens.length) : 0,
    })),
    id: wire.newId('chat'),
    createdAt: now(),
    showsUsage: behaviour.usage !== 'none',
    cachedTokens: Math.min(behaviour.cachedTokens ?? 0, completion.promptTokens),
    credentialType: behaviour.credentialType ?? 'system',
  };
  exchange.entry.begin(answer.id, request.model, answer.promptTokens);
  if (request.stream)
    return deliverStream(exchange, { events: eventsOf(answer, wire), headers: wire.headers() }, behaviour);
  const { completionTokens } = answer;
  return deliverPlain(exchange, { text: wire.plain(answer), headers: wire.headers(), completionTokens }, behaviour);
}

/** The front of a tool's arguments, or of JSON that was asked for, is no reasoning. */
function isWords(choice: Choice, request: ChatRequest): boolean {
  return choice.toolName === undefined && request.schema === undefined;
}
