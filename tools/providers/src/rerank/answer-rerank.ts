import { checkRoute } from '../exchange/call.ts';
import type { Call } from '../exchange/call.ts';
import { deliverPlain } from '../exchange/deliver.ts';
import { parseObject } from '../http/read-body.ts';
import { countRerankTokens, parseRerankRequest, rank } from './rerank.ts';

/** `POST rerank`: vLLM's form with tokens in the usage, or Cohere's with its search units. */
export async function answerRerank({ wire, exchange, body, behaviour }: Call): Promise<void> {
  const request = parseRerankRequest(parseObject(body));
  checkRoute(wire, request);
  const tokens = countRerankTokens(request, body.length);
  const id = wire.newId('embedding');
  exchange.entry.begin(id, request.model, tokens);
  const results = rank(request).map(({ index, relevance, text }) => ({
    index,
    ...(request.returnsDocuments && { document: { text } }),
    relevance_score: relevance,
  }));
  const isCohere = wire.rerankUsage === 'search units';
  const units = { meta: { billed_units: { search_units: Math.ceil(request.documents.length / 100) } } };
  const usage = { model: request.model, usage: { total_tokens: tokens } };
  const counted = isCohere ? units : usage;
  const answer = { id, ...(behaviour.usage !== 'none' && counted), results };
  const plain = { text: JSON.stringify(answer), headers: wire.headers(), completionTokens: 0 };
  return deliverPlain(exchange, plain, behaviour);
}
