import { createServer } from 'node:net';
import { readJson, writePrivateJson } from './private-file.mjs';

/** Where the search for free ports begins when no `--port-base` is given. */
const defaultBase = 8080;
/** All offsets are below this; the search for a free port goes on in steps of it, so that a stack keeps its pattern. */
const span = 100;
const lastPort = 65_535;

/** Children listen here. */
export const host = '127.0.0.1';
/**
 * The supervisor itself listens on each of its ports on this address, which no child uses. So a port is known to belong
 * to this stack also while nothing listens there yet, or not at the moment, and the kernel takes the sign away with the
 * supervisor. Where the address does not exist (macOS) stacks started in the same second may clash.
 */
const guardHost = '127.0.0.2';

/**
 * Thrown when a port asked for by `--port-base` is taken.
 */
export class PortTaken extends Error {}

/**
 * Finds and guards a port for each slot. With a base each is base + offset. Without one it is what the slot had last
 * time, else the first free of 8080 + offset, 8180 + offset, and so on.
 * @param {{ slot: string, purpose: string, offset: number }[]} slots
 * @param {{ base?: number, memory: string }} options `memory`: the file that remembers the ports of this folder
 * @returns {Promise<{ ports: Map<string, number>, release(): Promise<void> }>} port by slot; guarded until released
 * @throws {PortTaken}
 */
export async function planPorts(slots, { base, memory }) {
  const remembered = readJson(memory) ?? {};
  const claims = new Map();
  const release = () => Promise.all([...claims.values()].map(({ guard }) => close(guard)));
  try {
    for (const entry of slots) {
      const candidates = base === undefined ? freely(entry, remembered) : [base + entry.offset];
      claims.set(entry.slot, await firstFree(candidates, entry));
    }
  } catch (error) {
    await release();
    throw error;
  }
  const ports = new Map([...claims].map(([slot, { port }]) => [slot, port]));
  writePrivateJson(memory, { ...remembered, ...Object.fromEntries(ports) });
  return { ports, release };
}

/** The lowest and highest port, for people. */
export function portRange(ports) {
  const numbers = [...ports.values()];
  return `${Math.min(...numbers)} to ${Math.max(...numbers)}`;
}

function* freely({ slot, offset }, remembered) {
  if (remembered[slot] !== undefined) yield remembered[slot];
  for (let port = defaultBase + offset; port <= lastPort; port += span) yield port;
}

async function firstFree(candidates, { purpose }) {
  let tried;
  for (const port of candidates) {
    const guard = await claim(port);
    if (guard !== 'taken') return { port, guard };
    tried ??= port;
  }
  throw new PortTaken(
    `Port ${tried} (for ${purpose}) is taken. Stop what listens there, or choose another --port-base.`,
  );
}

/** @returns the guard of a port, or 'taken' when another stack or anyone else has it */
async function claim(port) {
  const guard = await listen(guardHost, port);
  if (guard === 'taken') return guard;
  for (const address of [host, '::1']) {
    const probe = await listen(address, port);
    if (probe !== 'taken') await close(probe);
    else {
      await close(guard);
      return 'taken';
    }
  }
  return guard;
}

/** @returns {Promise<import('node:net').Server | 'taken' | undefined>} undefined where the address does not exist */
function listen(address, port) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve('taken');
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT') resolve(undefined);
      else reject(error);
    });
    server.listen({ host: address, port, exclusive: true }, () => resolve(server.unref()));
  });
}

function close(server) {
  return new Promise((resolve) => (server ? server.close(resolve) : resolve()));
}
