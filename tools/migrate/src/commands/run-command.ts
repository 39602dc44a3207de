import { parseArgs } from 'node:util';
import { ConfigError, toSafeError } from '@orgn/service-kit/client';
import { Refusal, UsageError } from '../deployment/refusal.ts';
import { DumpError } from '../dump/dump-error.ts';

/** What was given on the command line. */
export interface Flags {
  readonly to?: string;
  readonly from?: string;
  readonly dir?: string;
  readonly json?: boolean;
  readonly replace?: boolean;
  readonly check?: boolean;
}

/** A command that works on a whole deployment. */
export interface Command {
  usage: string;
  /** Names of the flags that take a value, beside `--dir`. */
  flags: readonly (keyof Flags)[];
  /** Names of the flags that take none, beside `--json`. */
  switches: readonly (keyof Flags)[];
  /** @returns what it came to, for programs, and the same for people */
  run(flags: Flags): Promise<{ result: object; text: string }>;
}

/** Where a command writes: results to `out`, whatever is said beside them to `err`. */
export interface Streams {
  out: (text: string) => void;
  err: (text: string) => void;
}

const standard: Streams = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
};

/**
 * Runs one command line.
 * @returns the exit code: 0 done, 1 refused (the reason as JSON on stdout), 2 wrong usage
 */
export async function runCommand(
  command: Command,
  args: readonly string[],
  to: Streams = standard,
): Promise<0 | 1 | 2> {
  if (args.includes('--help')) {
    to.out(command.usage);
    return 0;
  }
  try {
    const flags = parse(command, args);
    const { result, text } = await command.run(flags);
    to.out(flags.json === true ? JSON.stringify(result) : text);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      to.err(`${error.message}\n\n${command.usage}`);
      return 2;
    }
    to.out(JSON.stringify({ error: toRefusal(error, to) }));
    return 1;
  }
}

function parse(command: Command, args: readonly string[]): Flags {
  const ofType = <T extends 'string' | 'boolean'>(type: T, names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, { type }]));
  const options = {
    ...ofType('boolean', [...command.switches, 'json']),
    ...ofType('string', [...command.flags, 'dir']),
  };
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** A refusal says what the caller can do; anything else is a defect, or Postgres: its whereabouts go to stderr, without values. */
function toRefusal(error: unknown, to: Streams): { code: string; message: string } {
  if (error instanceof Refusal || error instanceof DumpError) return { code: error.code, message: error.message };
  if (error instanceof ConfigError) return { code: 'invalid_request', message: error.message };
  to.err(JSON.stringify(toSafeError(error)));
  if (isUnreachable(error))
    return { code: 'service_unavailable', message: 'The database cannot be reached; start the stack first.' };
  return { code: 'internal', message: 'The command failed in an unexpected way, and nothing was changed.' };
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  '57P03',
]);

function isUnreachable(error: unknown): boolean {
  return UNREACHABLE.has((error as { code?: string }).code ?? '');
}
