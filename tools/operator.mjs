/**
 * `npm run keys`, `usage`, `teams`, `people`, `billing`, `audit`, `backup` and `restore`: runs tools/operator on the pinned Node. Installs
 * and builds only what was never built here, so that a command never changes files under a running stack. Nothing but the
 * command writes to stdout.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureReady, root, runInForeground, toolEnvironment } from './bootstrap.mjs';
import { closedToDebuggers } from './stack/node-flags.mjs';

const entry = join(root, 'tools/operator/dist/main.js');
const installedNode = join(root, 'node_modules/node/bin/node');

async function prepare() {
  const { node } = await ensureReady();
  if (!existsSync(entry)) build(node);
  return node;
}

function build(node) {
  console.error('building the operator commands (tsc -b tools/operator tools/migrate)');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  const projects = ['tools/operator', 'tools/migrate'].map((name) => join(root, name));
  const { status } = spawnSync(node, [compiler, '-b', ...projects], { stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('The operator commands could not be built.');
}

async function run(args) {
  // An image brings the right Node itself, and no other.
  if (existsSync(entry) && !existsSync(installedNode)) return import(pathToFileURL(entry).href);
  const node = existsSync(entry) ? installedNode : await prepare();
  process.exitCode = await runInForeground(node, [...closedToDebuggers, entry, ...args], toolEnvironment(node));
}

// Any Node may run this, also one without the flag that does it; with a listener no inspector opens.
process.on('SIGUSR1', () => {});

try {
  await run(process.argv.slice(2));
} catch (error) {
  console.error(error.message);
  const refusal = {
    code: 'service_unavailable',
    message: 'The operator commands are not installed: run `npm start` first.',
  };
  console.log(JSON.stringify({ error: refusal }));
  process.exitCode = 1;
}
