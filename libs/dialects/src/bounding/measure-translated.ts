import { messageToChatRequest } from '../messages/message-to-chat-request.ts';
import type { MessageRequest } from '../messages/message-request.ts';
import type { ResponseRequest } from '../responses/response-request.ts';
import { responseToChatRequest } from '../responses/response-to-chat-request.ts';
import { sealedReasoningOf } from '../responses/sealed-reasoning.ts';
import { measureChat } from './measure-chat.ts';
import type { RequestMeasure } from './prompt-measure.ts';

/** Measures a messages request as the chat request that it is sent as. */
export function measureMessage(request: MessageRequest): RequestMeasure {
  return measureBody(messageToChatRequest(request));
}

/**
 * Measures a responses request as the chat request that it is sent as. Sealed reasoning that is opened on the way is shorter
 * than its seal; where it cannot be opened, what stands beside it is sent.
 */
export function measureResponse(request: ResponseRequest): RequestMeasure {
  const reasoning = sealedReasoningOf(request).map(({ index, sealed }) => [
    index,
    longer(sealed, beside(request, index)),
  ]);
  return measureBody(responseToChatRequest(request, new Map(reasoning as [number, string][])));
}

function beside({ input }: ResponseRequest, index: number): string {
  const item = typeof input === 'string' ? undefined : input[index];
  if (item === undefined || 'role' in item || item.type !== 'reasoning') return '';
  return [...(item.content ?? []), ...(item.summary ?? [])].map(({ text }) => text).join('\n');
}

function longer(one: string, other: string): string {
  return Buffer.byteLength(one) >= Buffer.byteLength(other) ? one : other;
}

function measureBody(body: Buffer): RequestMeasure {
  return measureChat(JSON.parse(body.toString('utf8')) as Parameters<typeof measureChat>[0]);
}
