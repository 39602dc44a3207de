import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const benchUsage = `Usage: npm run bench -- [options]

  --quick            32 connections only, two rounds of 3 s: minutes become one
  --long             10 minutes of load, and how much memory each process holds on the way
  --targets A,B      of direct, floor, portkey, before, plain, ours
                     (default direct, floor, portkey, ours; what is not there is left out)
  --against DIR      another checkout of this repository, as target "before", and "plain": ours without TLS inside
  --connections N,M  (default 1,32,128)
  --secs N           seconds of a burst                  (default 5)
  --rounds N         bursts a target, in turns           (default 3)
  --port-base N      use the ports N to N+299 only       (default 28000)
  --no-pin           do not give ours core 0 and the rest core 1
  --out FILE         write every figure as JSON

  BENCH_PEERS_DIR    folder of the peers' harness, whose setup-peers.sh installs Portkey
  PEERS              where it is installed               (default: a temp folder)
`;

export const targetNames = ['direct', 'floor', 'portkey', 'before', 'plain', 'ours'];
const usualTargets = ['direct', 'floor', 'portkey', 'ours'];

/** Thrown for a command line that makes no sense; the caller prints usage and exits with 2. */
export class UsageError extends Error {}

/**
 * Reads the flags of `npm run bench`.
 * @param {string[]} argv
 * @param {{ root: string }} places the repository
 * @throws {UsageError}
 */
export function parseBench(argv, { root }, env = process.env) {
  const values = parse(argv);
  const size = values.quick ? sizes.quick : sizes.usual;
  const number = (name, most, fallback = size[name]) => integer(name, values[name] ?? fallback, most);
  return {
    root,
    targets: names(values.targets ?? (values.against ? targetNames : usualTargets).join(), values),
    against: values.against && resolve(values.against),
    connections: list(values.connections ?? size.connections).map((text) => integer('connections', text, 1_024)),
    secs: number('secs', 600),
    rounds: number('rounds', 100),
    warmSecs: size.warmSecs,
    longSecs: values.long ? 600 : 0,
    portBase: number('port-base', 65_236, '28000'),
    pin: !values['no-pin'] && cpus().length > 1,
    out: values.out,
    ...places(root, env),
  };
}

const sizes = {
  quick: { connections: '32', secs: '3', rounds: '2', warmSecs: 12 },
  usual: { connections: '1,32,128', secs: '5', rounds: '3', warmSecs: 12 },
};

function places(root, env) {
  return {
    harness: resolve(env.BENCH_PEERS_DIR ?? join(dirname(root), 'shared', 'bench-peers')),
    peers: resolve(env.PEERS ?? join(tmpdir(), 'orgn-bench-peers')),
  };
}

function parse(argv) {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const options = { quick: flag, long: flag, 'no-pin': flag, targets: text, connections: text, secs: text };
  try {
    return parseArgs({ args: argv, options: { ...options, rounds: text, 'port-base': text, out: text, against: text } })
      .values;
  } catch (error) {
    throw new UsageError(error.message, { cause: error });
  }
}

function names(text, { against }) {
  const wanted = list(text);
  const unknown = wanted.find((name) => !targetNames.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no target "${unknown}".`);
  if (wanted.includes('before') && !against) throw new UsageError('The target "before" needs --against DIR.');
  return targetNames.filter((name) => wanted.includes(name));
}

function list(text) {
  return text.split(',').filter(Boolean);
}

function integer(name, text, most) {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= 1 && number <= most) return number;
  throw new UsageError(`--${name} takes a whole number from 1 to ${most}, not "${text}".`);
}
