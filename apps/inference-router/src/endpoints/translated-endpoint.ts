import { chat } from './chat.endpoint.ts';
import type { TeamSeals } from '../seals/team-seals.ts';
import { SealedReasoning, type PlacedSeal } from '../seals/sealed-reasoning.ts';
import type { Endpoint, Translation } from './endpoint.ts';

/** An endpoint that no provider is asked for: its requests are asked as chat, and the answers translated back. */
export interface TranslatedEndpoint<R> {
  path: string;
  parse(body: Buffer): R;
  /** The chat request that asks the same. @param reasoning what sealed items of the request hold, by their index */
  toChat(request: R, reasoning: ReadonlyMap<number, string>): Buffer;
  /** The sealed reasoning in a request. */
  sealsOf(request: R): readonly PlacedSeal[];
  /** The field that limits the output, as callers of this endpoint write it. */
  limitField: string;
  translate(request: R, seals: TeamSeals): Translation;
}

/** An endpoint on top of chat: whatever holds for chat requests holds for its requests too. */
export function translatedEndpoint<R>(definition: TranslatedEndpoint<R>): Endpoint {
  return {
    path: definition.path,
    parse({ body, seals }) {
      const request = definition.parse(body);
      const sealed = new SealedReasoning(definition.sealsOf(request), seals);
      const ask = (reasoning: ReadonlyMap<number, string>) =>
        chat.parse({ body: definition.toChat(request, reasoning), contentType: 'application/json', seals });
      // What bounds the request holds whatever of it is left out for the model that is asked in the end.
      const asked = ask(sealed.all);
      const { outputLimit } = asked;
      return {
        ...asked,
        unopened: (executed) => sealed.unopenedBy(executed),
        toUpstream: (changes, executed) =>
          (sealed.isFor(executed) ? asked : ask(sealed.of(executed))).toUpstream(changes, executed),
        outputLimit: outputLimit && { ...outputLimit, param: definition.limitField },
        answer: { ...asked.answer, translation: definition.translate(request, seals) },
      };
    },
  };
}

/** A request id as a part of other ids: 32 hexadecimal digits. */
export function idSuffix(requestId: string): string {
  return requestId.replaceAll('-', '');
}
