import { chat } from './chat.endpoint.ts';
import type { Executed, TeamSeals } from '../seals/team-seals.ts';
import { isOwn, SealedReasoning, unopenedOf, type PlacedSeal } from '../seals/sealed-reasoning.ts';
import type {
  Endpoint,
  Incoming,
  KnownRequest,
  RequestFacts,
  RequestTools,
  TranslatedFacts,
  Translation,
} from './endpoint.ts';
import { lightRequest } from './light-request.ts';

/** An endpoint that no provider is asked for: its requests are asked as chat, and the answers translated back. */
export interface TranslatedEndpoint<R extends object> {
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
export function translatedEndpoint<R extends object>(definition: TranslatedEndpoint<R>): Endpoint {
  return {
    path: definition.path,
    read: (incoming, executed) => factsOf(definition, incoming, executed),
    lighten: (facts) => ({
      ...chat.lighten(facts),
      ...(facts.translated && {
        translated: { ...facts.translated, parsed: lightRequest(facts.translated.parsed as R) },
      }),
    }),
    toRequest: (facts, tools) => toRequest(definition, facts, tools),
  };
}

/** What bounds the request holds whatever of it is left out for the model that is asked in the end. */
function factsOf<R extends object>(
  definition: TranslatedEndpoint<R>,
  { body, seals }: Incoming,
  executed?: Executed,
): RequestFacts {
  const request = definition.parse(body);
  const sealed = new SealedReasoning(definition.sealsOf(request), seals);
  const asked = definition.toChat(request, executed ? sealed.of(executed) : sealed.all);
  const facts = chat.read({ body: asked, contentType: 'application/json', seals });
  const { groups } = sealed;
  return {
    ...facts,
    outputLimit: facts.outputLimit && { ...facts.outputLimit, param: definition.limitField },
    translated: { parsed: request, original: groups.length > 0 ? body : undefined, seals: groups },
  };
}

function toRequest<R extends object>(
  definition: TranslatedEndpoint<R>,
  facts: RequestFacts,
  tools: RequestTools,
): KnownRequest {
  const asked = chat.toRequest(facts, tools);
  const { parsed, seals } = facts.translated as TranslatedFacts;
  return {
    ...asked,
    unopened: (executed) => unopenedOf(seals, executed),
    toUpstream: async (changes, executed) => {
      const request = isOwn(seals, executed) ? asked : chat.toRequest(await tools.readFor(executed), tools);
      // Its edits are of the translation, not of what the caller sent.
      const { splices: _, ...upstream } = await request.toUpstream(changes, executed);
      return upstream;
    },
    answer: { ...asked.answer, translation: definition.translate(parsed as R, tools.seals) },
  };
}

/** A request id as a part of other ids: 32 hexadecimal digits. */
export function idSuffix(requestId: string): string {
  return requestId.replaceAll('-', '');
}
