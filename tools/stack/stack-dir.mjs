import { mkdirSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The file that says: a stack made this folder, and may delete what is in it. */
export const markerName = '.orgn-stack';
const markerText =
  'Data of an ORGN Gateway stack. `npm start -- --fresh` deletes this folder only while this file is here.\n';

/** What the repository keeps in its own `.local` beside a stack: not part of any stack's data, `--fresh` leaves it. */
const isStackData = (name) => name !== 'bin' && !name.startsWith('bootstrap.lock');

/** Where things are in the folder of a stack. */
export function stackPaths(dir) {
  return {
    dir,
    stackFile: join(dir, 'stack.json'),
    logs: join(dir, 'logs'),
    supervisorLog: join(dir, 'logs', 'supervisor.log'),
    run: join(dir, 'run'),
    lock: join(dir, 'run', 'supervisor.json'),
    processes: join(dir, 'run', 'processes.json'),
    ports: join(dir, 'run', 'ports.json'),
  };
}

/**
 * Makes the folder of a stack, or accepts one that a stack made before.
 * @param {string} dir
 * @returns {ReturnType<typeof stackPaths>} with the real path, so that one folder has one name
 * @throws when the folder holds other people's files
 */
export function openStackDir(dir) {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const paths = stackPaths(realpathSync(dir));
  const entries = readdirSync(paths.dir).filter(isStackData);
  if (entries.length > 0 && !entries.includes(markerName)) {
    throw new Error(
      `${paths.dir} is not empty and holds no ${markerName}: no stack made it, so none will write or delete there. Choose another --dir.`,
    );
  }
  writeFileSync(join(paths.dir, markerName), markerText);
  for (const folder of [paths.logs, paths.run]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return paths;
}

/**
 * Deletes the data of a stack for `--fresh`. The caller holds the lock, which stays, as does the supervisor's open log.
 */
export function clearStackDir(paths) {
  if (!readdirSync(paths.dir).includes(markerName))
    throw new Error(`${paths.dir} holds no ${markerName}: not deleted.`);
  clear(paths.dir, [markerName, 'logs', 'run']);
  clear(paths.logs, ['supervisor.log']);
  clear(paths.run, ['supervisor.json']);
}

function clear(folder, kept) {
  for (const name of readdirSync(folder)) {
    if (isStackData(name) && !kept.includes(name)) rmSync(join(folder, name), { recursive: true, force: true });
  }
}
