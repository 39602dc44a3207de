import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';

/** What a sign-in may be old at for making keys; short, so that the walk need not wait long for an old one. */
export const STEP_UP_SECONDS = 8;

/** Starts a stack of its own whose people sign in at `issuer`. @returns how to end it */
export async function startStack(plan, { node, issuer, clientId, secret }) {
  const settings = { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: secret };
  const env = { ...process.env, ...settings, STEP_UP_SECONDS: String(STEP_UP_SECONDS) };
  const run = (...args) => runToEnd(node, args, env);
  await run('tools/start.mjs', '--detach', '--dir', plan.dir, '--port-base', String(plan.portBase));
  Object.assign(plan, JSON.parse(readFileSync(join(plan.dir, 'stack.json'), 'utf8')));
  const stop = async () => {
    await run('tools/stop.mjs', '--dir', plan.dir);
    rmSync(plan.dir, { recursive: true, force: true });
  };
  return { stop };
}

/** Where a stack and a provider are going to be: each has to know the other before it starts. */
startStack.plan = async () => {
  const portBase = await freeBase();
  const dir = mkdtempSync(join(tmpdir(), 'orgn-sign-in-stack-'));
  return { dir, portBase, providerPort: portBase + 31, console: `http://localhost:${portBase + 10}` };
};

function runToEnd(node, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (said = (said + text).slice(-2_000)));
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${args[0]} failed: ${said}`))));
  });
}

async function freeBase() {
  for (let tries = 0; tries < 50; tries += 1) {
    const base = 20_000 + 100 * Math.floor(Math.random() * 120);
    const offsets = [0, 10, 11, 12, 13, 14, 20, 31, 40, 50, 60, 70, 80];
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('No hundred free ports were found.');
}

function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
