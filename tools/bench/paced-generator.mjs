/**
 * Callers of streams at a model's pace, in a closed loop, each with one connection and one stream open. It times first bytes and
 * looks at nothing but where an answer ends: what a client does with each event would take of the upstream's core, and be timed
 * with it. Reads its order as JSON from BENCH_LOAD, prints one line of JSON. Times are in microseconds.
 */
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from './statistics.mjs';

/** Callers that all begin at once would stay in step, and time a burst instead of a stream. */
const staggerMs = 500;
const { url, headers, body, connections, secs } = JSON.parse(process.env.BENCH_LOAD);
const { hostname, port, pathname } = new URL(url);
const lines = Object.entries({ host: hostname, 'content-type': 'application/json', ...headers });
const request = Buffer.from(
  `POST ${pathname} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
);
const good = 'HTTP/1.1 200';
const headEnd = '\r\n\r\n';
/** The last chunk of a chunked answer, and the end of the one before. */
const bodyEnd = '\r\n0\r\n\r\n';
/** All sockets read into it, one after the other. */
const buffer = Buffer.allocUnsafeSlow(64 * 1024);
const [whole, first] = [[], []];
let bad = 0;

/** One connection, which is opened anew when it has been lost. */
class Caller {
  #socket;
  #answer;

  /** Asks for a stream. Resolves when it has ended, however. */
  ask() {
    this.#socket ??= this.#open();
    return new Promise((resolve) => {
      this.#answer = { began: performance.now(), firstMs: 0, head: '', tail: '', resolve };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket?.destroy();
  }

  #open() {
    const take = (length) => {
      this.#take(length);
      return true;
    };
    const lost = () => {
      this.#socket = undefined;
      this.#end(false);
    };
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, onread: { buffer, callback: take } });
    return socket.on('error', () => undefined).once('close', lost);
  }

  #take(length) {
    const answer = this.#answer;
    if (!answer) return;
    if (answer.firstMs === 0 && !this.#hasBegun(answer, length)) return;
    answer.tail = (answer.tail + buffer.latin1Slice(Math.max(0, length - bodyEnd.length), length)).slice(
      -bodyEnd.length,
    );
    if (answer.tail === bodyEnd) this.#end(answer.head.startsWith(good));
  }

  #hasBegun(answer, length) {
    answer.head += buffer.latin1Slice(0, length);
    const end = answer.head.indexOf(headEnd);
    if (end < 0 || answer.head.length === end + headEnd.length) return false;
    answer.firstMs = performance.now() - answer.began;
    return true;
  }

  #end(isGood) {
    const answer = this.#answer;
    if (!answer) return;
    this.#answer = undefined;
    if (!isGood) bad += 1;
    whole.push((performance.now() - answer.began) * 1e3);
    first.push(answer.firstMs * 1e3);
    answer.resolve();
  }
}

const startedAt = performance.now();
const until = startedAt + secs * 1e3;

async function callInTurn(index) {
  const caller = new Caller();
  await sleep((index * staggerMs) / connections);
  do await caller.ask();
  while (performance.now() < until);
  caller.close();
}

await Promise.all(Array.from({ length: connections }, (_, index) => callInTurn(index)));
const us = (performance.now() - startedAt) * 1e3;
const times = (values) => ({ p50: percentile(values, 0.5), p99: percentile(values, 0.99) });
console.log(JSON.stringify({ requests: whole.length, us, bad, ...times(whole), first: times(first) }));
