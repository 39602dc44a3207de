/**
 * Strangers in a process of their own: each opens a connection, declares a body of 8 MiB under a made-up key, begins to
 * send it, reads the answer and leaves. It takes no more of a core than it is given, and reports what happened as JSON.
 * Arguments, as JSON: { url, seconds, core: 0 to 1, connections, networks, begun: bytes }
 */
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { crc32 } from 'node:zlib';

const { url, seconds, core, connections, networks, begun } = JSON.parse(process.argv[2]);
const { hostname, port } = new URL(url);
const begunBytes = Buffer.alloc(begun, ' ');
const until = performance.now() + seconds * 1_000;
const startedAt = performance.now();
const result = { strangers: 0, statuses: {}, resets: 0, silent: 0 };
let stranger = 0;

function madeUpKey() {
  const random = createHash('sha256').update(randomBytes(16)).digest('hex').slice(0, 25);
  const body = `sk-ollm-${random}`;
  return body + crc32(body).toString(36).padStart(7, '0');
}

/** Resolves to the status, or undefined where there was none. */
function visit() {
  const at = (stranger += 1);
  return new Promise((resolve) => {
    let status;
    // Loopback has many addresses: each network is a /24 of it.
    const localAddress = networks > 0 ? `127.${1 + (at % networks)}.${(at >> 8) % 256}.1` : undefined;
    const socket = connect({ host: hostname, port: Number(port), ...(localAddress && { localAddress }) });
    socket.setTimeout(10_000, () => socket.destroy());
    socket.once('error', () => (result.resets += status === undefined ? 1 : 0));
    socket.once('data', (chunk) => {
      status = chunk.toString('latin1', 9, 12);
      socket.destroy();
    });
    socket.once('close', () => resolve(status));
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${madeUpKey()}\r\n` +
        `content-type: application/json\r\ncontent-length: 8388608\r\n\r\n`,
    );
    socket.write(begunBytes);
  });
}

/** How long to rest so that no more than the given part of a core was used since the start. */
function restMs() {
  const { user, system } = process.cpuUsage();
  const usedMs = (user + system) / 1_000 - idleMs;
  return usedMs / core - (performance.now() - startedAt);
}
const idleMs = (process.cpuUsage().user + process.cpuUsage().system) / 1_000;

async function visitAgain() {
  while (performance.now() < until) {
    const status = await visit();
    result.strangers += 1;
    if (status === undefined) result.silent += 1;
    else result.statuses[status] = (result.statuses[status] ?? 0) + 1;
    const rest = restMs();
    if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
  }
}

await Promise.all(Array.from({ length: connections }, visitAgain));
const usage = process.cpuUsage();
process.stdout.write(
  JSON.stringify({
    ...result,
    seconds: (performance.now() - startedAt) / 1_000,
    cpuSeconds: (usage.user + usage.system) / 1e6 - idleMs / 1_000,
  }),
);
