import { isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** Replicas of one service: the port table (ports.mjs) has room for ten of each. */
const maxReplicas = 10;
/** `--port-base N` uses N to N+99. */
const portSpan = 100;

export const startUsage = `Usage: npm start -- [options]

  --detach         return when the stack is ready; stop it later with npm stop
  --fresh          delete the data of this stack first (only a folder that a stack made)
  --dir D          folder of the stack: data, logs, stack.json          (default .local)
  --port-base N    use the ports N to N+99 only; a taken one is an error (default: free ones from 8080)
  --gateways N     gateway processes         (default 1, at most ${maxReplicas})
  --routers N      inference-router processes
  --registries N   key-registry processes
  --meterings N    usage-metering processes
  --no-restart     do not restart a process that died
`;

export const stopUsage = `Usage: npm stop [-- --dir D]

  --dir D          folder of the stack (default .local)
`;

const replicaFlags = ['gateways', 'routers', 'registries', 'meterings'];

/** Thrown for a command line that makes no sense; the caller prints usage and exits with 2. */
export class UsageError extends Error {}

/**
 * Reads the flags of `npm start`.
 * @param {string[]} argv arguments after the script's name
 * @param {{ root: string, cwd: string }} places the repository, and the folder that relative paths start from
 * @throws {UsageError}
 */
export function parseStart(argv, places) {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const values = parse(argv, {
    detach: flag,
    fresh: flag,
    dir: text,
    'port-base': text,
    'no-restart': flag,
    ...Object.fromEntries(replicaFlags.map((name) => [name, text])),
  });
  const replicas = replicaFlags.map((name) => [name, readInteger(values, name, [1, maxReplicas]) ?? 1]);
  return {
    root: places.root,
    cwd: places.cwd,
    dir: stackDir(values.dir, places),
    isDefaultDir: values.dir === undefined,
    detach: values.detach,
    fresh: values.fresh,
    restart: !values['no-restart'],
    portBase: readInteger(values, 'port-base', [1024, 65_536 - portSpan]),
    ...Object.fromEntries(replicas),
  };
}

/**
 * Reads the flags of `npm stop`.
 * @throws {UsageError}
 */
export function parseStop(argv, places) {
  const values = parse(argv, { dir: { type: 'string' } });
  return { dir: stackDir(values.dir, places) };
}

/**
 * The folder the caller stood in. npm moves to the package's root before it runs a script and leaves the real place in
 * INIT_CWD; a process started from such a script by hand inherits INIT_CWD but has a folder of its own.
 */
export function callerDirectory(root, env = process.env, cwd = process.cwd()) {
  const byNpm = ['start', 'stop', 'operators', 'secrets'].includes(env.npm_lifecycle_event) && cwd === root;
  return byNpm && env.INIT_CWD ? env.INIT_CWD : cwd;
}

function parse(argv, options) {
  try {
    return parseArgs({ args: argv, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error.message, { cause: error });
  }
}

function readInteger(values, name, [least, most]) {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
}

function stackDir(dir, { root, cwd }) {
  if (dir === '') throw new UsageError('--dir needs a folder.');
  if (dir === undefined) return resolve(root, '.local');
  return isAbsolute(dir) ? resolve(dir) : resolve(cwd, dir);
}
