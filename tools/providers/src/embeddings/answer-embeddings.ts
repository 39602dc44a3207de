import { checkRoute, now } from '../exchange/call.ts';
import type { Call } from '../exchange/call.ts';
import { deliverPlain } from '../exchange/deliver.ts';
import { parseObject } from '../http/read-body.ts';
import { countInputTokens, embed, parseEmbeddingRequest } from './embedding.ts';

/** `POST embeddings` */
export async function answerEmbeddings({ wire, exchange, body, behaviour }: Call): Promise<void> {
  const asked = parseEmbeddingRequest(parseObject(body));
  const request = behaviour.odd?.includes('otherencoding') ? { ...asked, isBase64: !asked.isBase64 } : asked;
  checkRoute(wire, request);
  const promptTokens = countInputTokens(request, body.length);
  const id = wire.newId('embedding');
  exchange.entry.begin(id, request.model, promptTokens);
  const text = wire.embeddings({
    id,
    createdAt: now(),
    model: request.model,
    vectors: embed(request),
    promptTokens,
    showsUsage: behaviour.usage !== 'none',
  });
  return deliverPlain(exchange, { text, headers: wire.headers(), completionTokens: 0 }, behaviour);
}
