import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export const clientsUsage = `Usage: npm run test:clients [-- options]

  --only A,B         these clients only; a name stands for all that begin with it (--list names them)
  --models A,B       of near_qwen3_30b, vercel_claude_sonnet_4_6, phala_deepseek_r1     (default all; with fewer
                     docs/clients.md stays as it is)
  --list             print the clients and stop
  --no-install       run what is installed already
  --record           write the requests they made to libs/testing/client-shapes, texts replaced
  --stack DIR        a stack that runs already, instead of one of its own
  --verbose          print what the programs print, and each exchange

  CLIENTS_DIR        where the programs are installed     (default ~/.cache/orgn-clients; never inside the clone)
`;

/** One of each form: vLLM in a TEE, Vercel with its metadata, vLLM with a model that reasons. */
export const modelNames = ['near_qwen3_30b', 'vercel_claude_sonnet_4_6', 'phala_deepseek_r1'];

/** Thrown for a command line that makes no sense; the caller prints usage and exits with 2. */
export class UsageError extends Error {}

/**
 * Reads the flags of `npm run test:clients`.
 * @param {string[]} argv
 * @param {{ root: string }} places the repository
 * @throws {UsageError}
 */
export function parseClients(argv, { root }, env = process.env) {
  const values = parse(argv);
  const dir = resolve(env.CLIENTS_DIR || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'orgn-clients'));
  if (`${dir}/`.startsWith(`${resolve(root)}/`)) throw new UsageError('CLIENTS_DIR must be outside the clone.');
  return {
    root,
    dir,
    only: values.only?.split(',').filter(Boolean),
    models: models(values.models),
    list: values.list,
    install: !values['no-install'],
    record: values.record,
    stackDir: values.stack && resolve(env.INIT_CWD ?? '.', values.stack),
    verbose: values.verbose,
  };
}

function parse(argv) {
  const text = { type: 'string' };
  const flag = { type: 'boolean', default: false };
  const options = { only: text, models: text, stack: text, list: flag, record: flag, verbose: flag };
  try {
    return parseArgs({ args: argv, options: { ...options, 'no-install': flag } }).values;
  } catch (error) {
    throw new UsageError(error.message, { cause: error });
  }
}

function models(text) {
  const wanted = text?.split(',').filter(Boolean) ?? modelNames;
  const unknown = wanted.find((name) => !modelNames.includes(name));
  if (unknown !== undefined) throw new UsageError(`There is no model "${unknown}" to test with.`);
  return wanted;
}
