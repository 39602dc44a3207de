/** A supervisor with a table of three stand-ins; FAULTY (`worker:exits`, `worker:mute`) says which one never gets ready, and how. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { healthProbe } from '../probes.mjs';
import { updateStackFile } from '../stack-file.mjs';
import { tiers } from '../stop-order.mjs';
import { supervise } from '../supervisor.mjs';

const script = fileURLToPath(new URL('stand-in.mjs', import.meta.url));
const table = [
  { name: 'store', tier: tiers.database, offset: 2 },
  { name: 'worker', tier: tiers.service, offset: 1 },
  { name: 'front', tier: tiers.edge, offset: 0 },
];

function definition({ name, tier }, { ports, paths }) {
  const port = ports.get(name);
  const [faulty, fault] = (process.env.FAULTY ?? '').split(':');
  return {
    name,
    service: name,
    tier,
    command: process.execPath,
    args: [script, name, String(port), join(paths.dir, 'trace'), ...(faulty === name ? [fault] : [])],
    env: { PATH: process.env.PATH },
    probe: healthProbe(`http://127.0.0.1:${port}`),
  };
}

async function startAll(stack) {
  const api = `http://127.0.0.1:${stack.ports.get('front')}`;
  updateStackFile(stack.paths.stackFile, { api, console: api, processes: [] });
  await stack.children.start(table.map((entry) => definition(entry, stack)));
}

const stack = {
  slots: () => table.map(({ name, offset }) => ({ slot: name, purpose: `the ${name}`, offset })),
  steps: [{ name: 'services', run: startAll }],
};

process.exit(await supervise(JSON.parse(process.argv[2]), stack));
