import { cpus, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const benchUsage = `Usage: npm run bench -- [options]

  --quick            32 connections only, two rounds of 3 s: a minute or two
  --ablate           what each layer of ours costs, from the floor up
  --long             load at 70 % for an hour, what each process holds on the way, and the sizes that take minutes to make
  --minutes N        minutes of that load                (default 60)
  --targets A,B      of direct, floor, nginx, portkey, litellm, one-api, before, plain, ours, tee
                     (default all but before and plain; what is not there is left out)
  --against DIR      another checkout of this repository, as target "before", and "plain": ours without TLS inside
  --connections N,M  (default 1,32,128)
  --secs N           seconds of a burst                  (default 5)
  --rounds N         bursts a target, in turns           (default 5)
  --port-base N      use the ports N to N+499 only       (default 28000)
  --no-pin           do not give ours core 0 and the rest core 1
  --out FILE         write every figure as JSON

  BENCH_PEERS_DIR    folder of the peers' harness, whose setup-peers.sh installs Portkey
  PEERS              where peers are installed           (default: a temp folder)
`;

export const targetNames = [
  'direct',
  'floor',
  'nginx',
  'portkey',
  'litellm',
  'one-api',
  'before',
  'plain',
  'ours',
  'tee',
];
const besides = ['before', 'plain'];
const usualTargets = targetNames.filter((name) => !besides.includes(name));

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
  const minutes = number('minutes', 24 * 60, '60');
  return {
    root,
    kind: kindOf(values),
    targets: names(values.targets ?? (values.against ? targetNames : usualTargets).join(), values),
    against: values.against && resolve(values.against),
    connections: list(values.connections ?? size.connections).map((text) => integer('connections', text, 1_024)),
    secs: number('secs', 600),
    rounds: number('rounds', 100),
    warmSecs: size.warmSecs,
    isQuick: values.quick,
    longSecs: minutes * 60,
    portBase: number('port-base', 65_036, '28000'),
    pin: !values['no-pin'] && cpus().length > 1,
    out: values.out,
    ...places(root, env),
  };
}

/** V8 goes on optimising through the first thirty thousand answers: a colder target is charged for that, one with more code for more. */
const sizes = {
  quick: { connections: '32', secs: '3', rounds: '2', warmSecs: 6 },
  usual: { connections: '1,32,128', secs: '5', rounds: '5', warmSecs: 40 },
};

/** @returns {'bars' | 'ablation' | 'long'} what is measured */
function kindOf({ ablate, long }) {
  if (ablate && long) throw new UsageError('--ablate and --long are two runs.');
  if (ablate) return 'ablation';
  return long ? 'long' : 'bars';
}

function places(root, env) {
  return {
    harness: resolve(env.BENCH_PEERS_DIR ?? join(dirname(root), 'shared', 'bench-peers')),
    peers: resolve(env.PEERS ?? join(tmpdir(), 'orgn-bench-peers')),
  };
}

const text = { type: 'string' };
const flag = { type: 'boolean', default: false };
const flags = {
  ...{ quick: flag, long: flag, ablate: flag, 'no-pin': flag },
  ...{ targets: text, connections: text, secs: text, rounds: text, minutes: text },
  ...{ 'port-base': text, out: text, against: text },
};

function parse(argv) {
  try {
    return parseArgs({ args: argv, options: flags }).values;
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
