/**
 * Callers in a process of their own, which does little else than take the time: some read their streams to the end, others
 * leave theirs at a random moment, once all streams that stay have begun: that these begin at one moment is no one's lateness.
 * Its order is its argument, as JSON: { url, key, name, streams, cancels, atOnce }.
 * Writes as JSON what came of the streams, when which of the others were left, and the longest that it was itself late, in
 * milliseconds of the machine's monotonic clock.
 */
import { request } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicMs } from './monotonic.mjs';

const { url, key, name, streams, cancels, atOnce } = JSON.parse(process.argv[2]);
const delay = monitorEventLoopDelay({ resolution: 1 });
const longestPatienceMs = 1_000;
/** How many of the streams that stay have not had a chunk yet. */
let awaited = streams;
const allBegan = Promise.withResolvers();

/** Takes the time of each chunk that is whole. */
function reader(streamed) {
  let text = '';
  return (piece) => {
    const now = monotonicMs();
    const events = (text + piece).split('\n\n');
    text = events.pop();
    for (const event of events) {
      const said = /"content":"(\d+\.?\d*) "/.exec(event)?.[1];
      if (event.endsWith('[DONE]')) streamed.isWhole = true;
      if (said === undefined) continue;
      if (awaited === 0) streamed.lateness.push(now - Number(said));
      else began(streamed);
    }
  };
}

/** One that ends before its first chunk is not waited for either. */
function began(streamed) {
  if (!streamed.isToStay || streamed.hasBegun) return;
  streamed.hasBegun = true;
  awaited -= 1;
  if (awaited === 0) allBegan.resolve();
}

/** Asks for a stream. `ended` resolves when it has, however. */
function ask(word, isToStay = false) {
  const streamed = { lateness: [], isWhole: false, isToStay };
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const call = request(url, { method: 'POST', headers, agent: false });
  const ended = new Promise((resolve) => {
    call
      .on('error', () => undefined)
      .once('close', () => {
        began(streamed);
        resolve(streamed);
      });
    call.once('response', (response) => {
      response
        .setEncoding('latin1')
        .on('data', reader(streamed))
        .on('error', () => undefined);
    });
  });
  const messages = [{ role: 'user', content: `Say when you said it, ${word}` }];
  call.end(JSON.stringify({ model: 'local_canned', messages, stream: true, stream_options: { include_usage: true } }));
  return { call, ended };
}

const left = {};
let next = 0;

async function leaveOneByOne() {
  while (next < cancels) {
    const word = `left-${name}-${(next += 1)}`;
    const { call, ended } = ask(word);
    await sleep(Math.random() * longestPatienceMs);
    left[word] = monotonicMs();
    call.destroy();
    await ended;
  }
}

const staying = Array.from({ length: streams }, (_, at) => ask(`${name}-${at}`, true).ended);
await allBegan.promise;
delay.enable();
await Promise.all(Array.from({ length: atOnce }, leaveOneByOne));
const report = { streams: await Promise.all(staying), left, lateMs: delay.max / 1e6 };
process.stdout.write(JSON.stringify(report));
