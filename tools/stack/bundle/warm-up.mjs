import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serviceFlags } from '../node-flags.mjs';
import { compileCacheOf } from './compile-cache.mjs';

const onlyItself = pathToFileURL(join(import.meta.dirname, 'only-itself.mjs')).href;

/**
 * Has Node compile a bundle once and keep that. Without settings a service loads all that it consists of, says what is missing
 * and ends.
 * @throws when it does not load, or loads something that is not in the bundle
 */
export function warmUp(folder) {
  const env = { NODE_COMPILE_CACHE: compileCacheOf(folder) };
  const argv = [...serviceFlags, '--import', onlyItself, join(folder, 'main.js')];
  const { stderr } = spawnSync(process.execPath, argv, { env, encoding: 'utf8' });
  if (!stderr.includes('cannot start: ')) throw new Error(`${folder} does not load:\n${stderr}`);
  const beside = stderr.split('\n').filter((line) => line.startsWith('loads from beside itself: '));
  if (beside.length > 0) throw new Error(`${folder} ${beside.slice(0, 5).join(', ')}`);
}
