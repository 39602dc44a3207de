/**
 * A provider that costs next to nothing: one canned answer, whole or as a stream of 52 writes.
 *   node upstream.mjs <port>
 * A request whose text holds the word of `pace` gets a chunk each 10 ms, any other stream as fast as the loop turns.
 */
import { createServer } from 'node:http';
import { answerText, answerTokens, pace, paceMs } from './exchange.mjs';

const usage = { prompt_tokens: 24, completion_tokens: answerTokens, total_tokens: 24 + answerTokens };
const base = { id: 'chatcmpl-canned', created: 1_735_689_600, model: 'canned' };
const whole = Buffer.from(
  JSON.stringify({
    ...base,
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: answerText } }],
    usage,
  }),
);

const event = (object) =>
  Buffer.from(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...object })}\n\n`);
const chunk = (delta, finish = null) => event({ choices: [{ index: 0, delta, finish_reason: finish }] });
const words = answerText.split(/(?= )/);
const frames = [
  ...Array.from({ length: answerTokens }, (_, index) => chunk({ content: words[index] ?? '' })),
  chunk({}, 'stop'),
  Buffer.concat([event({ choices: [], usage }), Buffer.from('data: [DONE]\n\n')]),
];

function stream(response, gapMs) {
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
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
  let [isStream, isPaced] = [false, false];
  // One look for a word is enough to choose the answer; reading JSON would cost more than all the rest.
  request.on('data', (data) => {
    isStream ||= data.includes('"stream":true');
    isPaced ||= data.includes(pace);
  });
  request.on('end', () => {
    if (isStream) return stream(response, isPaced ? paceMs : 0);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length }).end(whole);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
