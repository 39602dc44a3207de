import { countAt, modelOf, wantsZeroDataRetention } from '../chat/chat-request.ts';
import { isObject } from '../http/read-body.ts';
import { badRequest } from '../http/refusal.ts';
import { randomFrom } from '../text/random.ts';
import { countTokens } from '../text/tokens.ts';

export interface RerankRequest {
  readonly model: string;
  readonly query: string;
  readonly documents: readonly string[];
  readonly topN: number;
  readonly returnsDocuments: boolean;
  readonly zeroDataRetention: boolean;
}

export interface Ranked {
  readonly index: number;
  readonly relevance: number;
  readonly text: string;
}

/** Reads a rerank request. Throws a 400 Refusal that names the first faulty field. */
export function parseRerankRequest(body: Record<string, unknown>): RerankRequest {
  const { query, documents } = body;
  if (typeof query !== 'string' || query === '') throw badRequest('query', 'Field required: query');
  if (!Array.isArray(documents) || documents.length === 0) throw badRequest('documents', 'Field required: documents');
  return {
    model: modelOf(body),
    query,
    documents: documents.map(textOfDocument),
    topN: Math.min(countAt(body, 'top_n') ?? documents.length, documents.length),
    returnsDocuments: body.return_documents === true,
    zeroDataRetention: wantsZeroDataRetention(body),
  };
}

/** The best documents first: shared words count, and a number that depends on the texts alone breaks ties. */
export function rank(request: RerankRequest): readonly Ranked[] {
  const asked = new Set(wordsOf(request.query));
  const scored = request.documents.map((text, index) => {
    const shared = wordsOf(text).filter((word) => asked.has(word)).length;
    const chance = randomFrom(request.model, request.query, text)();
    return { index, text, relevance: Number(((shared + chance) / (asked.size + 1)).toFixed(6)) };
  });
  return scored.toSorted((a, b) => b.relevance - a.relevance).slice(0, request.topN);
}

/** Tokens of the query once with each document: what rerankers count. */
export function countRerankTokens(request: RerankRequest, bodyBytes: number): number {
  const query = countTokens(request.query);
  const total = request.documents.reduce((sum, text) => sum + query + countTokens(text), 0);
  return Math.min(bodyBytes, total);
}

function textOfDocument(document: unknown): string {
  if (typeof document === 'string') return document;
  if (isObject(document) && typeof document.text === 'string') return document.text;
  throw badRequest('documents', 'documents must be texts or objects with a text');
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? [];
}
