/**
 * A provider that costs next to nothing: one canned answer, whole or as a stream of 52 writes.
 *   node upstream.mjs <port>
 * A request whose text holds the word of `pace` gets a chunk each 10 ms, one with that of `silence` the first chunk alone, any
 * other stream as fast as the loop turns.
 */
import { createServer } from 'node:http';
import { frames, whole } from './canned.mjs';
import { pace, paceMs, silence } from './exchange.mjs';

const streamed = { 'content-type': 'text/event-stream; charset=utf-8' };

function stream(response, gapMs) {
  response.writeHead(200, streamed);
  let sent = 0;
  const next = () => {
    if (response.destroyed) return;
    if (sent === frames.length - 1) return response.end(frames[sent]);
    response.write(frames[sent]);
    sent += 1;
    if (gapMs > 0) setTimeout(next, gapMs);
    else setImmediate(next);
  };
  next();
}

createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  let [isStream, isPaced, isSilent] = [false, false, false];
  // One look for a word is enough to choose the answer; reading JSON would cost more than all the rest.
  request.on('data', (data) => {
    isStream ||= data.includes('"stream":true');
    isPaced ||= data.includes(pace);
    isSilent ||= data.includes(silence);
  });
  request.on('end', () => {
    if (isSilent) return response.writeHead(200, streamed).write(frames[0]);
    if (isStream) return stream(response, isPaced ? paceMs : 0);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length }).end(whole);
  });
}).listen(Number(process.argv[2]), '127.0.0.1', 16_384);
