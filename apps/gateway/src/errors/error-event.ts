import { messageErrorEvent, responseErrorEvent, toOpenAiError } from '@orgn/dialects';
import type { WireError } from '@orgn/contracts';
import type { Dialect } from '../paths/dialect.ts';

/**
 * The event that ends a stream which cannot be finished, in its caller's protocol. No `[DONE]` follows.
 * @param at.sequence events that were passed on before
 */
export function toErrorEvent(dialect: Dialect, error: WireError, at: { requestId: string; sequence: number }): Buffer {
  switch (dialect) {
    case 'anthropic':
      return messageErrorEvent(error, at.requestId);
    case 'responses':
      return responseErrorEvent(error, at.sequence);
    case 'openai':
      return Buffer.from(`data: ${JSON.stringify(toOpenAiError(error, at.requestId))}\n\n`);
  }
}
