import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { serviceFlags } from '../node-flags.mjs';
import { compileCacheOf } from './compile-cache.mjs';

/**
 * Has Node compile a bundle once and keep that. Without settings a service loads all that it consists of, says what is missing
 * and ends.
 */
export function warmUp(folder) {
  const env = { NODE_COMPILE_CACHE: compileCacheOf(folder) };
  const { stderr } = spawnSync(process.execPath, [...serviceFlags, join(folder, 'main.js')], { env, encoding: 'utf8' });
  if (!stderr.includes('cannot start: ')) throw new Error(`${folder} does not load:\n${stderr}`);
}
