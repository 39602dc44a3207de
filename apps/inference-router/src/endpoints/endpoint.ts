import type {
  AnswerParts,
  ChatCallNumbers,
  DispatchError,
  Edit,
  Engine,
  JsonMember,
  PromptSample,
  RequestMeasure,
  RequestChanges,
  UsageForm,
} from '@orgn/dialects';
import type { Capability, TokenizerFamily } from '@orgn/contracts';
import type { UpstreamRequest } from '../providers/provider.client.ts';
import type { SealGroup } from '../seals/sealed-reasoning.ts';
import type { AnswerOrigin, WholeAnswer } from './whole-answer.ts';
import type { Executed, TeamSeals } from '../seals/team-seals.ts';

/** A request's bytes as they arrived, and what they claim to be. */
export interface Incoming {
  body: Buffer;
  contentType: string;
  /** Opens and seals the reasoning of the caller's team. */
  seals: TeamSeals;
}

/** One way to ask for inference: how its requests are read, sent on and answered. */
export interface Endpoint {
  /** Below `/v1`, at our door and at the providers' that have it. */
  path: string;
  /**
   * Finds out all that has to be known of a request. Pure, so that it does not matter in which thread.
   * @param executed whose sealed reasoning is opened; absent: all that can be
   * @throws ServiceError when the request is not one that may be sent
   */
  read(incoming: Incoming, executed?: Executed): RequestFacts;
  /** Leaves out of the facts what is only needed while they are found: what is left takes no time to move. */
  lighten(facts: RequestFacts): RequestFacts;
  /** The request that facts make: this takes no time that grows with its length. */
  toRequest(facts: RequestFacts, tools: RequestTools): KnownRequest;
}

/** What a request works with while it runs. */
export interface RequestTools {
  seals: TeamSeals;
  /** Reads the request again, with the reasoning of one model. */
  readFor(executed: Executed): Promise<RequestFacts>;
}

/** What is known of a request: plain data. */
export interface RequestFacts extends Omit<RequestWishes, 'promptEstimate'> {
  /** The bytes that a provider's request is made of, and where their members lie. */
  body: Buffer;
  members: readonly JsonMember[];
  /** What was parsed of them, as far as it is needed. */
  parsed: unknown;
  /** What the estimate of the prompt goes by; undefined: what was parsed is all there. */
  sample: PromptSample | undefined;
  translated?: TranslatedFacts;
}

/** What is known of a request that is asked as another one. */
export interface TranslatedFacts {
  parsed: unknown;
  /** Its own bytes, where another model's reasoning would make another request of them. */
  original: Buffer | undefined;
  seals: readonly SealGroup[];
}

/** What a request asks for. */
export interface RequestWishes {
  /** The model asked for, and then those that the caller lists to fall back on. */
  models: readonly string[];
  /** What a model must have to be asked. The first one names the endpoint. */
  needs: readonly Capability[];
  isStream: boolean;
  /** The caller wants to see the usage of a stream. */
  wantsUsage: boolean;
  /** The caller wants to see `usage.cost`. */
  wantsCost: boolean;
  /** Output tokens the caller allows, and the field that says so. */
  outputLimit: { tokens: number; param: string } | undefined;
  /** Prompt tokens that the request is taken to have when the provider gives no figures; costs a walk through the prompt. */
  promptEstimate(tokenizer: TokenizerFamily | undefined): number;
  bounds: RequestBounds;
  /** Images in the request, which some providers charge by the piece. */
  images: number;
  /** Parts of it are marked for a provider's cache of prompts. */
  marksCaching: boolean;
}

/** A request as its facts make it. */
export interface KnownRequest extends RequestWishes {
  /** Its members that an engine does not take. */
  untaken(engine: Engine): readonly string[];
  /** Sealed reasoning that is not this model's, or that nobody can open any more: paths in the request. */
  unopened?(executed: Executed): readonly string[];
  /** The request as a provider gets it. @throws ServiceError when it cannot be read again */
  toUpstream(changes: RequestChanges, executed: Executed): UpstreamRequest | Promise<UpstreamRequest>;
  answer: AnswerForm;
}

/** A caller's request as the router understands it, whatever endpoint it came to. */
export interface InferenceRequest extends KnownRequest {
  /** Reads an answer that is there as a whole. Its pieces are gone afterwards if it is large. @throws ServiceError `provider_unavailable` when it cannot become what was asked for */
  readWhole(sent: readonly Buffer[], origin: AnswerOrigin): Promise<WholeAnswer>;
  /** Turns one into an answer of another protocol, as above. @throws ServiceError `provider_unavailable` when that cannot be done */
  translateWhole(answer: readonly Buffer[], identity: AnswerIdentity): Promise<Buffer>;
}

/** What bounds the use of a request, as far as the request itself tells. */
export interface RequestBounds {
  /** Tokens that the prompt is not taken to exceed where the catalogue states nothing certain; undefined: as many as the model reads. */
  promptTokens: number | undefined;
  /** How large it is, as gateways measure it too. */
  measure: RequestMeasure;
}

/** How answers of an endpoint are read and shown. */
export interface AnswerForm {
  /** Media type of an answer in one piece. */
  contentType: string;
  /** Reads an answer or a chunk of one; undefined when it is not what it should be. */
  read(json: Buffer): AnswerParts | undefined;
  /** What a whole answer is taken to have used when the provider gives no figures. */
  estimate(answer: Buffer, parts: AnswerParts): AnswerEstimate;
  /** How answers say what they used. */
  usage: UsageForm;
  /** What ids of answers begin with where they are ours. */
  idPrefix: string;
  /** What a whole answer needs to be what was asked for. @throws ServiceError `provider_unavailable` */
  edits?(answer: Buffer): Edit[];
  /** Numbers the tool calls of a stream, where answers have some. */
  numberCalls?(): ChatCallNumbers;
  translation?: Translation;
}

export interface AnswerEstimate {
  completionTokens: number;
  audioSeconds?: number;
}

/** What a translated answer says of itself. */
export interface AnswerIdentity {
  requestId: string;
  /** The gateway's id of the model that runs. */
  model: string;
  /** Where it runs. */
  executed: Executed;
  /** Tokens that the prompt is likely to have. */
  promptEstimate: () => number;
}

/** How a provider's answer becomes one of another protocol. */
export interface Translation {
  /** @throws ServiceError `provider_unavailable` when the answer cannot be translated */
  toAnswer(providerAnswer: Buffer, identity: AnswerIdentity): Buffer;
  startStream(identity: AnswerIdentity): TranslatedStream;
}

/** Turns the chunks of one stream into events of another protocol, as bytes that are ready to send. */
export interface TranslatedStream {
  /** @throws ServiceError `provider_unavailable` when the chunk cannot be translated */
  push(chunk: Buffer): Buffer;
  /** What follows after the last chunk. @throws ServiceError as `push` */
  finish(): Buffer;
  /** How the stream ends when it breaks off. */
  fail(error: DispatchError): Buffer;
}
