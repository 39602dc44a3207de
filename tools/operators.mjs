/**
 * `npm run operators`: who may ask the deployment's services as an operator. Each has a key of their own on the bus, which
 * proves their name; the audit log tells it. Plain JavaScript, because it edits what the bus reads and asks nobody.
 */
import { existsSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './bootstrap.mjs';
import {
  addOperator,
  composeBus,
  embeddedBus,
  isRunning,
  listOperators,
  Refusal,
  revokeOperator,
} from './stack/bus-operators.mjs';
import { callerDirectory } from './stack/options.mjs';

const usage = `Usage:
  npm run -s operators -- add NAME
  npm run -s operators -- list
  npm run -s operators -- revoke NAME

Every command takes [--dir D], the folder of a stack, and [--json].
`;

const commands = { add, list, revoke };

/** The stack in --dir; else the repository's own, if it runs; else the compose deployment. */
function findDeployment(dir) {
  if (dir !== undefined) {
    const given = resolve(callerDirectory(root), dir);
    return embeddedBus(existsSync(given) ? realpathSync(given) : given);
  }
  const own = join(root, '.local');
  return isRunning(own) || !existsSync(join(root, 'deploy', 'bus', 'users.json')) ? embeddedBus(own) : composeBus(root);
}

async function add(deployment, name, print) {
  const { result, left } = await addOperator(deployment, name);
  const { seed, nkey, addedAt } = result;
  const use = `NATS_OPERATOR=${name} NATS_SEED=${seed} npm run -s teams -- list`;
  print({ name, seed, nkey, addedAt }, `name  ${name}\nseed  ${seed}   (shown this once, kept nowhere)\n\n${use}`);
  return left;
}

async function revoke(deployment, name, print) {
  const { result, left } = await revokeOperator(deployment, name);
  print(result, `${name} is no operator any more.`);
  return left;
}

async function list(deployment, _, print) {
  const operators = listOperators(deployment);
  print({ operators }, operators.map(({ name, addedAt }) => `${name}  since ${addedAt}`).join('\n'));
  return '';
}

function parse(argv) {
  const options = { dir: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean' } };
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: true });
    const [verb, name] = positionals;
    const isWhole = positionals.length === (verb === 'list' ? 1 : 2) && Object.hasOwn(commands, verb);
    return isWhole && !values.help ? { ...values, verb, name } : undefined;
  } catch {
    return undefined;
  }
}

async function run(argv) {
  const call = parse(argv);
  if (!call) {
    process.stderr.write(usage);
    return 2;
  }
  const print = (result, text) => console.log(call.json ? JSON.stringify(result) : text);
  try {
    const left = await commands[call.verb](findDeployment(call.dir), call.name, print);
    if (left) console.error(left);
    return 0;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.log(JSON.stringify({ error: { code: error.code, message: error.message } }));
    return 1;
  }
}

process.exitCode = await run(process.argv.slice(2));
