import { splice, untaken, type AnswerParts, type Edit, type RequestChanges, type RequestForm } from '@orgn/dialects';
import type { Capability } from '@orgn/contracts';
import type { Endpoint, InferenceRequest } from './endpoint.ts';
import { estimateTokens } from './token-estimate.ts';

/** What the requests of all JSON endpoints have. */
export interface JsonRequest {
  model: string;
  models?: readonly string[] | null | undefined;
  usage?: { include: boolean } | null | undefined;
  stream?: boolean | null | undefined;
  stream_options?: { include_usage?: boolean | undefined } | null | undefined;
}

/** What is particular to one JSON endpoint that providers have too. */
export interface JsonEndpoint<R extends JsonRequest> {
  path: string;
  capability: Capability;
  form: RequestForm<R>;
  /** @param request what was read from the body */
  edits(body: Buffer, changes: RequestChanges, request: R): Edit[];
  read(json: Buffer): AnswerParts | undefined;
  /** Whether answers are text, so that their length tells roughly how many tokens they have. */
  answersText: boolean;
  /** What else the request asks of its model. */
  features?(request: R): Pick<InferenceRequest, 'outputLimit' | 'images'> & { needs: readonly Capability[] };
}

const none = { needs: [], outputLimit: undefined, images: 0 } as const;

/** An endpoint whose requests go to the provider's endpoint of the same name, with byte-range edits only. */
export function jsonEndpoint<R extends JsonRequest>(definition: JsonEndpoint<R>): Endpoint {
  return {
    path: definition.path,
    parse({ body }) {
      const request = definition.form.parse(body);
      const { needs, outputLimit, images } = definition.features?.(request) ?? none;
      const wantsCost = request.usage?.include === true;
      return {
        models: [request.model, ...(request.models ?? [])],
        needs: [definition.capability, ...needs],
        isStream: request.stream === true,
        // The cost stands in the usage, so whoever asks for it asks for both.
        wantsUsage: wantsCost || request.stream_options?.include_usage === true,
        wantsCost,
        outputLimit,
        promptEstimate: estimateTokens(body.length),
        images,
        marksCaching: definition.form.marksCaching(body, request),
        untaken: (engine) => untaken(body, engine),
        toUpstream: (changes) => ({
          path: definition.path,
          contentType: 'application/json',
          body: splice(body, definition.edits(body, changes, request)),
        }),
        answer: {
          contentType: 'application/json',
          read: (json) => definition.read(json),
          estimate: (answer) => ({ completionTokens: definition.answersText ? estimateTokens(answer.length) : 0 }),
        },
      };
    },
  };
}
