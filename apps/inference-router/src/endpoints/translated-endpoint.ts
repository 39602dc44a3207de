import { chat } from './chat.endpoint.ts';
import type { Endpoint, Translation } from './endpoint.ts';

/** An endpoint that no provider is asked for: its requests are asked as chat, and the answers translated back. */
export interface TranslatedEndpoint<R> {
  path: string;
  parse(body: Buffer): R;
  /** The chat request that asks the same. */
  toChat(request: R): Buffer;
  /** The field that limits the output, as callers of this endpoint write it. */
  limitField: string;
  translate(request: R): Translation;
}

/** An endpoint on top of chat: whatever holds for chat requests holds for its requests too. */
export function translatedEndpoint<R>(definition: TranslatedEndpoint<R>): Endpoint {
  return {
    path: definition.path,
    parse({ body }) {
      const request = definition.parse(body);
      const asked = chat.parse({ body: definition.toChat(request), contentType: 'application/json' });
      const { outputLimit } = asked;
      return {
        ...asked,
        outputLimit: outputLimit && { ...outputLimit, param: definition.limitField },
        answer: { ...asked.answer, translation: definition.translate(request) },
      };
    },
  };
}

/** A request id as a part of other ids: 32 hexadecimal digits. */
export function idSuffix(requestId: string): string {
  return requestId.replaceAll('-', '');
}
