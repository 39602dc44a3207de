import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { silence, requestBody } from './exchange.mjs';
import { fund, issueKeys } from './keys.mjs';
import { memoryMb } from './processes.mjs';

const keys = 50;
const streams = 10_000;
/** What the first streams make the engine load is not theirs. */
const first = 200;
const wave = 100;
/** More than is held for all of them. */
const usd = '50.00';
const settleMs = 20_000;

/** What a stream that says nothing takes of one gateway and of one router. @returns {Promise<object>} KB, resident */
export async function holdStreams(ours, say) {
  await fund(ours, usd);
  const names = await issueKeys(ours, keys);
  const sockets = [];
  const openUpTo = async (count) => {
    while (sockets.length < count) {
      const some = Array.from({ length: Math.min(wave, count - sockets.length) }, (_, at) => sockets.length + at);
      sockets.push(...(await Promise.all(some.map((at) => begin(ours, names[at % keys])))));
    }
    await sleep(settleMs);
    return Object.fromEntries(
      ['gateway', 'inference-router'].map((name) => [
        name,
        memoryMb(ours.processes.filter(({ service }) => service === name).map(({ pid }) => pid)),
      ]),
    );
  };
  try {
    const before = await openUpTo(first);
    const after = await openUpTo(streams);
    const kb = (name) => ((after[name] - before[name]) * 1_024) / (streams - first);
    const found = { streams, gatewayKb: kb('gateway'), routerKb: kb('inference-router') };
    say(
      `${streams} streams: ${found.gatewayKb.toFixed(1)} KB each at the gateway, ${found.routerKb.toFixed(1)} at the router`,
    );
    return found;
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Asks for a stream and waits for its first word. */
async function begin({ url, model }, key) {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname);
  const body = requestBody(model, silence);
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${key}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
  let text = '';
  while (!text.includes('word0')) {
    const [chunk] = await once(socket, 'data', { signal: AbortSignal.timeout(30_000) });
    text += String(chunk);
    if (text.startsWith('HTTP/1.1 200')) continue;
    socket.destroy();
    throw new Error(`a stream was refused: ${text.slice(0, 600)}`);
  }
  return socket;
}
