import { chat } from './chat.endpoint.ts';
import { completions } from './completions.endpoint.ts';
import { embeddings } from './embeddings.endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { messages } from './messages.endpoint.ts';
import { rerank } from './rerank.endpoint.ts';
import { responses } from './responses.endpoint.ts';
import { transcriptions } from './transcriptions.endpoint.ts';

/** All endpoints, by their paths. */
export const readers: ReadonlyMap<string, Endpoint> = new Map(
  [chat, completions, embeddings, messages, rerank, responses, transcriptions].map((each) => [each.path, each]),
);
