import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './processes.mjs';

/** Parts of a stack that are not ours to answer for: they stand in for the outside world. */
const simulators = ['id-orgn', 'providers', 'stripe'];

/** Our gateway as `npm start` of a checkout runs it, in a folder of its own; every process of it on one core. */
export async function startStack({ root, portBase, settings, core, upstreamUrl }) {
  const dir = mkdtempSync(join(tmpdir(), 'orgn-bench-'));
  const script = (name, ...flags) => [process.execPath, join(root, 'tools', name), ...flags, '--dir', dir];
  const env = {
    LOCAL_BASE_URL: `${upstreamUrl}/v1`,
    MODELS_FILE: join(import.meta.dirname, 'models.yaml'),
    ...settings,
  };
  const stop = async () => {
    await run(script('stop.mjs'));
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    await run(script('start.mjs', '--detach', '--port-base', String(portBase)), { core, env });
    return { ...describe(JSON.parse(readFileSync(join(dir, 'stack.json'), 'utf8'))), stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

function describe({ api, demo, processes }) {
  const ours = processes.filter(({ service }) => !simulators.includes(service));
  return {
    url: `${api}/v1/chat/completions`,
    headers: { authorization: `Bearer ${demo.key}` },
    model: 'local_canned',
    processes: ours.map(({ name, pid }) => ({ name, pid })),
  };
}
