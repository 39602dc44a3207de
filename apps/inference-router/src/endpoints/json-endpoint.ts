import {
  sampledTokens,
  samplePrompt,
  splicePieces,
  toText,
  untaken,
  type AnswerParts,
  type ChatCallNumbers,
  type Edit,
  type RequestChanges,
  type RequestForm,
  type RequestMeasure,
  type RequestText,
  type UsageForm,
} from '@orgn/dialects';
import type { Capability } from '@orgn/contracts';
import type { Endpoint, InferenceRequest, KnownRequest, RequestFacts } from './endpoint.ts';
import { lightRequest } from './light-request.ts';
import { tokensOfLength } from './token-estimate.ts';

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
  edits(text: RequestText, changes: RequestChanges, request: R): Edit[];
  read(json: Buffer): AnswerParts | undefined;
  usage: UsageForm;
  /** What ids of answers begin with where they are ours. */
  idPrefix: string;
  /** What a whole answer needs to be what was asked for. @throws ServiceError `provider_unavailable` */
  answerEdits?(answer: Buffer, request: R): Edit[];
  /** Numbers the tool calls of a stream, where answers have some. */
  numberCalls?: () => ChatCallNumbers;
  /** What else the request asks of its model. */
  features?(request: R): Partial<Pick<InferenceRequest, 'outputLimit' | 'images' | 'needs'>>;
  measure(request: R): RequestMeasure;
  /** Tokens of its prompt that are believed at most; absent: as many as the request has bytes. */
  promptTokens?(request: R, bytes: number): number | undefined;
}

/** What engines write around a prompt before it is counted: templates, tools' instructions, system prompts of their own. */
export const TEMPLATE_TOKENS = 2_048;

/** Code units of a prompt that are kept for an estimate which is seldom asked for. */
const SAMPLE_LENGTH = 64 * 1024;

/** An endpoint whose requests go to the provider's endpoint of the same name, with byte-range edits only. */
export function jsonEndpoint<R extends JsonRequest>(definition: JsonEndpoint<R>): Endpoint {
  return {
    path: definition.path,
    read: ({ body }) => factsOf(definition, body),
    lighten: (facts) => ({
      ...facts,
      parsed: lightRequest(facts.parsed as R),
      sample: samplePrompt(facts.parsed as R, SAMPLE_LENGTH),
    }),
    toRequest: (facts) => toRequest(definition, facts),
  };
}

function factsOf<R extends JsonRequest>(definition: JsonEndpoint<R>, body: Buffer): RequestFacts {
  const request = definition.form.parse(body);
  const { needs = [], outputLimit, images = 0 } = definition.features?.(request) ?? {};
  return {
    ...toText(body),
    parsed: request,
    sample: undefined,
    models: [request.model, ...(request.models ?? [])],
    needs: [definition.capability, ...needs],
    ...wishesOf(request),
    outputLimit,
    images,
    marksCaching: definition.form.marksCaching(body, request),
    bounds: {
      // A byte-level tokenizer never makes more tokens than there are bytes.
      promptTokens: definition.promptTokens
        ? definition.promptTokens(request, body.length)
        : body.length + TEMPLATE_TOKENS,
      measure: definition.measure(request),
    },
  };
}

function toRequest<R extends JsonRequest>(definition: JsonEndpoint<R>, facts: RequestFacts): KnownRequest {
  const { body, members, sample, ...wishes } = facts;
  const request = facts.parsed as R;
  return {
    ...wishes,
    promptEstimate: (tokenizer) => sampledTokens(sample ?? samplePrompt(request), tokenizer),
    untaken: (engine) => untaken(members, engine),
    toUpstream: (changes) => {
      const edits = definition.edits({ body, members }, changes, request);
      const splices = edits
        .toSorted((one, other) => one.start - other.start || one.end - other.end)
        .map(({ start, end, text }) => ({ at: start, length: end - start, put: text }));
      return { path: definition.path, contentType: 'application/json', pieces: splicePieces(body, edits), splices };
    },
    answer: {
      contentType: 'application/json',
      read: (json) => definition.read(json),
      estimate: (_answer, { outputLength }) => ({ completionTokens: tokensOfLength(outputLength) }),
      usage: definition.usage,
      idPrefix: definition.idPrefix,
      edits: (answer) => definition.answerEdits?.(answer, request) ?? [],
      ...(definition.numberCalls && { numberCalls: definition.numberCalls }),
    },
  };
}

function wishesOf(request: JsonRequest): Pick<InferenceRequest, 'isStream' | 'wantsUsage' | 'wantsCost'> {
  const wantsCost = request.usage?.include === true;
  return {
    isStream: request.stream === true,
    // The cost stands in the usage, so whoever asks for it asks for both.
    wantsUsage: wantsCost || request.stream_options?.include_usage === true,
    wantsCost,
  };
}
