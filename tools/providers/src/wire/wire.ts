import type { OutgoingHttpHeaders } from 'node:http';
import type { Refusal } from '../http/refusal.ts';
import type { Answer } from './answer.ts';
import type { EmbeddingAnswer } from './embedding-answer.ts';
import type { Dialect } from './event-stream.ts';

/** What of a request decides who serves it. */
export interface RoutedRequest {
  readonly model: string;
  readonly zeroDataRetention: boolean;
}

/** How one provider speaks: everything that differs between the simulated providers. */
export interface Wire extends Dialect {
  /** Upstream names that `GET models` lists; others are answered too. */
  readonly models: readonly string[];
  /** What reranking is counted in. */
  readonly rerankUsage: 'tokens' | 'search units';
  newId(kind: 'chat' | 'embedding'): string;
  /** Headers of an answer that is not an error. */
  headers(): OutgoingHttpHeaders;
  /** JSON text of an answer that is not streamed. */
  plain(answer: Answer): string;
  embeddings(answer: EmbeddingAnswer): string;
  modelList(createdAt: number): string;
  refusal(refusal: Refusal): string;
  /** A refusal of this provider's own, such as Vercel's under zero data retention. */
  refuses?(request: RoutedRequest): Refusal | undefined;
}
