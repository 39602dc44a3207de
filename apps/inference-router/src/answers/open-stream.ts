import type { TranslatedStream } from '../endpoints/endpoint.ts';
import type { Exchange } from '../exchange/exchange.ts';

/**
 * Sends the headers of a stream, with those of the attempt under way, unless they have left already. From then on the stream
 * breaks off in the caller's protocol.
 * @param translated what turns the answer into another protocol, where it has begun
 */
export function openStream(exchange: Exchange, translated?: TranslatedStream): void {
  const stream = translated ?? exchange.request.answer.translation?.startStream(exchange.identity);
  exchange.sink.beginStream(
    { ...exchange.headers('text/event-stream; charset=utf-8'), 'cache-control': 'no-cache' },
    {
      heartbeatMs: exchange.order.isRaw ? undefined : exchange.limits.heartbeatMs,
      toErrorEvent: stream && ((error) => stream.fail(error)),
    },
  );
}
