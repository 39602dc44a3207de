/**
 * A closed loop of callers, each with one request open. Reads its order as JSON from BENCH_LOAD, prints one line of JSON.
 * Times are in microseconds; `first` is until the first byte of the answer's body. With `perSecond` callers ask no oftener together.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { percentile } from './statistics.mjs';

const { url, headers, body, connections, secs, perSecond } = JSON.parse(process.env.BENCH_LOAD);
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 60_000, bodyTimeout: 60_000 });
const [whole, first] = [[], []];
let bad = 0;

function ask() {
  const began = performance.now();
  let [status, began1st] = [0, 0];
  return new Promise((resolve) => {
    const end = (isGood) => {
      if (!isGood) bad += 1;
      whole.push((performance.now() - began) * 1e3);
      first.push(began1st * 1e3);
      resolve();
    };
    pool.dispatch(
      { path: pathname, method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body },
      {
        onRequestStart: () => undefined,
        onResponseStart: (_controller, code) => (status = code),
        onResponseData: () => (began1st ||= performance.now() - began),
        onResponseEnd: () => end(status === 200),
        onResponseError: () => end(false),
      },
    );
  });
}

const until = performance.now() + secs * 1e3;
const everyMs = perSecond === undefined ? 0 : (connections * 1e3) / perSecond;

async function caller(index) {
  await sleep((index * everyMs) / connections);
  let due = performance.now();
  do {
    await ask();
    due += everyMs;
    if (due > performance.now()) await sleep(due - performance.now());
  } while (performance.now() < until);
}

const startedAt = performance.now();
await Promise.all(Array.from({ length: connections }, (_, index) => caller(index)));
const us = (performance.now() - startedAt) * 1e3;
const times = (values) => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });
console.log(JSON.stringify({ requests: whole.length, us, bad, ...times(whole), first: times(first) }));
await pool.destroy();
