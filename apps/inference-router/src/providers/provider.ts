import type { DispatchError, Engine } from '@orgn/dialects';
import type { RoutingClaims } from '@orgn/contracts';

export const providerNames = ['near', 'phala', 'vercel', 'local'] as const;
export type ProviderName = (typeof providerNames)[number];

/** What is particular to a provider's wire protocol. Everything else is OpenAI's. */
export interface Provider {
  /** Members of every request that only the router may set, as JSON text by name. */
  members: Readonly<Record<string, string>>;
  /** Whose members beyond OpenAI's it takes; the others are left out and named in `x-ollm-dropped`. */
  engine: Engine;
  /**
   * What happens upstream when the caller of a stream leaves: `abort` where a chunk is a token, so that our count of
   * what was produced is right; `drain` where only the provider's final figures tell.
   */
  whenCallerLeaves: 'abort' | 'drain';
  /**
   * Each chunk of a stream is one token, and reasoning is shown: so a provider that says it made many more than passed by
   * is not believed.
   */
  hasTokenChunks: boolean;
  /** Its ids lead to what the operator is charged: callers see ids of ours instead. */
  hidesIds: boolean;
  /** Recognises a refusal that has a meaning of its own here. */
  toRefusal?(status: number, type: string | undefined): DispatchError | undefined;
  /** What an answer or one of its chunks says about who served it. */
  readRouting?(json: Buffer): RoutingWord | undefined;
}

/** A provider's word on its own routing. */
export interface RoutingWord {
  claims: RoutingClaims;
  /** `sha256:` and the digest of the block's canonical JSON; null where it has none. */
  digest: string | null;
  /** It contradicts the terms that the request was sent under. */
  isBreach: boolean;
}

/** Where a provider is reached: URL and credential always travel together. */
export interface ProviderEndpoint {
  baseUrl: string;
  apiKey: string | undefined;
}
