import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { host } from './ports.mjs';

const timeoutMs = 2_000;

/**
 * Is the process ready that serves `GET <base>/health`? It must answer 200 and name its own pid: a port may have been
 * taken by someone else.
 * @returns {(pid: number) => Promise<void>}
 */
export function healthProbe(base) {
  return async (pid) => {
    const { status, health } = await healthAt(`${base}/health`).catch(() => {
      throw new Error(`nothing answers at ${base}/health`);
    });
    if (health.pid !== pid) throw new Error(`process ${health.pid ?? 'unknown'} answers at ${base}/health, not ${pid}`);
    if (status !== 200) throw new Error(`unhealthy: ${describeChecks(health.checks)}`);
  };
}

/** By Node's own client: what `fetch` loads stays with a process that lives long. */
async function healthAt(url) {
  const asked = get(url, { agent: false, signal: AbortSignal.timeout(timeoutMs) });
  const [response] = await once(asked, 'response');
  const said = await json(response).catch(() => undefined);
  return { status: response.statusCode, health: said ?? {} };
}

/** Is Postgres ready? Its postmaster.pid says so, with its pid in the first line and its state in the eighth. */
export function postgresProbe(dataDir) {
  return async (pid) => {
    const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
    if (Number(lines[0]) !== pid) throw new Error('postmaster.pid is of another process');
    if (lines[7]?.trim() !== 'ready') throw new Error(`Postgres says ${lines[7]?.trim() || 'nothing yet'}`);
  };
}

/** Is nats-server ready, with JetStream? The first line that it sends names the server. */
export function natsProbe(port, serverName) {
  return async () => {
    const info = JSON.parse((await firstLine(port)).replace(/^INFO /, ''));
    if (info.server_name !== serverName) throw new Error(`another nats-server answers at port ${port}`);
    if (!info.jetstream) throw new Error('JetStream is not up');
  };
}

function firstLine(port) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ host, port, timeout: timeoutMs });
    socket.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      if (text.includes('\n')) socket.destroy(resolve(text.split('\n')[0]));
    });
    socket.on('error', () => reject(new Error(`nothing answers at port ${port}`)));
    socket.on('timeout', () => socket.destroy(reject(new Error(`port ${port} says nothing`))));
    socket.on('close', () => reject(new Error(`port ${port} closed without a word`)));
  });
}

function describeChecks(checks = {}) {
  const bad = Object.entries(checks).filter(([, state]) => state !== 'ok');
  return bad.map(([name, state]) => `${name}: ${state}`).join(', ') || 'no reason given';
}
