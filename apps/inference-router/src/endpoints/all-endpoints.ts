import { chat } from './chat.endpoint.ts';
import { completions } from './completions.endpoint.ts';
import { embeddings } from './embeddings.endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { messages } from './messages.endpoint.ts';
import { rerank } from './rerank.endpoint.ts';
import { responses } from './responses.endpoint.ts';
import { transcriptions } from './transcriptions.endpoint.ts';

const all: readonly Endpoint[] = [chat, completions, embeddings, rerank, transcriptions, responses, messages];
const byPath = new Map(all.map((endpoint) => [`/v1/${endpoint.path.replace(/^\//, '')}`, endpoint]));

/** The endpoint at a path that callers use. */
export function endpointAt(path: string): Endpoint | undefined {
  return byPath.get(path);
}
