import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moveTo, run } from './processes.mjs';

/** Parts of a stack that are not ours to answer for: they stand in for the outside world. */
const simulators = ['id-orgn', 'providers', 'stripe'];

/**
 * Our gateway as `npm start` of a checkout runs it, in a folder of its own; every process of it on one core, its stand-ins for
 * the outside world on another. `startsFast`: on all cores until it is ready.
 * @returns {Promise<object>} a target (url, headers, model, processes), what `stack.json` says with the folder as `stack`, `stop`
 */
export async function startStack({ root, portBase, settings, core, outsideCore, upstreamUrl, flags = [], startsFast }) {
  const dir = mkdtempSync(join(tmpdir(), 'orgn-bench-'));
  const script = (name, ...more) => [process.execPath, join(root, 'tools', name), ...more, '--dir', dir];
  const env = {
    LOCAL_BASE_URL: `${upstreamUrl}/v1`,
    VERCEL_BASE_URL: `${upstreamUrl}/v1`,
    VERCEL_API_KEY: 'canned',
    MODELS_FILE: join(import.meta.dirname, 'models.yaml'),
    ...settings,
  };
  // A bench that is broken off ends at once; its stack, which is no child of it, is told to go.
  const abandon = () =>
    spawn(process.execPath, script('stop.mjs').slice(1), { detached: true, stdio: 'ignore' }).unref();
  process.once('exit', abandon);
  const stop = async () => {
    await run(script('stop.mjs'));
    process.off('exit', abandon);
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await run(script('start.mjs', '--detach', '--port-base', String(portBase), ...flags), {
      core: startsFast ? undefined : core,
      env,
    });
    const stack = JSON.parse(readFileSync(join(dir, 'stack.json'), 'utf8'));
    await place(stack, { core, outsideCore });
    return { ...describe(stack), stack: { ...stack, dir }, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** What stands in for a provider must not take of the core that ours is measured on. */
async function place({ processes }, { core, outsideCore }) {
  if (core === undefined) return;
  const isOutside = ({ service }) => simulators.includes(service);
  const pids = (some) => some.map(({ pid }) => pid);
  await moveTo(String(outsideCore), pids(processes.filter(isOutside)));
  await moveTo(String(core), pids(processes.filter((process) => !isOutside(process))));
}

function describe({ api, demo, processes }) {
  const ours = processes.filter(({ service }) => !simulators.includes(service));
  return {
    url: `${api}/v1/chat/completions`,
    headers: { authorization: `Bearer ${demo.key}` },
    model: 'local_canned',
    processes: ours.map(({ name, service, pid }) => ({ name, service, pid })),
  };
}
