/**
 * A provider in a process of its own. Its streams say in each chunk when it left, and keep their own time, so that they never fall into
 * step; they end after so many chunks, or go on for long when their name says that they will be left. Requests are known by
 * the last word of their prompt. Writes its port to stdout; `GET /visits` tells what became of them.
 *   node paced-provider.mjs <ms between two chunks> <chunks>
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { monotonicMs } from './monotonic.mjs';

const [gapMs, chunks] = process.argv.slice(2).map(Number);
/** A stream that is left would last for a minute. */
const endlessMs = 60_000;
const base = { id: 'chatcmpl-paced', object: 'chat.completion.chunk', created: 1_735_689_600, model: 'canned' };
/** By name: when it arrived, and when its connection went before the answer was whole. */
const visits = {};

const event = (data) => `data: ${typeof data === 'string' ? data : JSON.stringify({ ...base, ...data })}\n\n`;
const chunkOf = (content) => event({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });

function lastWords(count) {
  const usage = { prompt_tokens: 8, completion_tokens: count, total_tokens: 8 + count };
  const end = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  return [end, { choices: [], usage }, '[DONE]'].map(event).join('');
}

async function answer(request, response) {
  const { messages } = JSON.parse(Buffer.concat(await request.toArray()).toString());
  const name = messages.at(-1).content.split(' ').at(-1);
  const visit = (visits[name] = { arrivedAt: monotonicMs() });
  let timer;
  response.once('close', () => {
    clearTimeout(timer);
    if (!response.writableFinished) visit.abortedAt = monotonicMs();
  });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const most = name.startsWith('left') ? endlessMs / gapMs : chunks;
  const say = (sent) => {
    if (sent > most) return response.end(lastWords(most));
    response.write(chunkOf(`${monotonicMs()} `));
    timer = setTimeout(say, Math.max(0, visit.arrivedAt + (sent + 1) * gapMs - monotonicMs()), sent + 1);
  };
  timer = setTimeout(say, gapMs, 1);
}

const server = createServer((request, response) => {
  if (request.method === 'GET') response.end(JSON.stringify(visits));
  else answer(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
process.stdout.write(`${server.address().port}\n`);
