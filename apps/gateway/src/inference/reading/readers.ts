import { inputTokensEndpoint, tokenCountEndpoint } from '../endpoints/token-count.endpoint.ts';
import { chatEndpoint } from '../endpoints/chat.endpoint.ts';
import { completionsEndpoint } from '../endpoints/completions.endpoint.ts';
import { embeddingsEndpoint } from '../endpoints/embeddings.endpoint.ts';
import { messagesEndpoint } from '../endpoints/messages.endpoint.ts';
import { rerankEndpoint } from '../endpoints/rerank.endpoint.ts';
import { responsesEndpoint } from '../endpoints/responses.endpoint.ts';
import { transcriptionsEndpoint } from '../endpoints/transcriptions.endpoint.ts';
import type { ReadableEndpoint } from '../inference-endpoint.ts';

/** All endpoints that have a body, by their paths. */
export const readers: ReadonlyMap<string, ReadableEndpoint> = new Map(
  [
    chatEndpoint,
    completionsEndpoint,
    embeddingsEndpoint,
    inputTokensEndpoint,
    messagesEndpoint,
    rerankEndpoint,
    responsesEndpoint,
    tokenCountEndpoint,
    transcriptionsEndpoint,
  ].map((endpoint) => [endpoint.path, endpoint]),
);
