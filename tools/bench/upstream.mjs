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
/** As HTTP/1.1 frames them: what is the same in all streams is made once. */
const chunks = frames.map((frame) =>
  Buffer.concat([Buffer.from(`${frame.length.toString(16)}\r\n`), frame, Buffer.from('\r\n')]),
);

/**
 * A gap is from the beginning and not from the last chunk: streams that wait since then fall into step for good when the loop is late.
 * The head leaves with the first chunk, and the end with the last.
 */
function stream(response, gapMs) {
  const { socket } = response;
  const startedAt = performance.now();
  let sent = 0;
  const next = () => {
    if (response.destroyed) return;
    if (sent === chunks.length - 1) socket.cork();
    socket.write(chunks[sent]);
    sent += 1;
    if (sent === chunks.length) return response.end();
    if (gapMs > 0) setTimeout(next, Math.max(0, startedAt + sent * gapMs - performance.now()));
    else setImmediate(next);
  };
  socket.cork();
  response.writeHead(200, streamed).flushHeaders();
  next();
  socket.uncork();
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
