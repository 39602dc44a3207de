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
  const known = reasons.find(({ codes }) => codes.test(codeOf(error)));
  to.err(JSON.stringify(toSafeError(error)));
  return known
    ? { code: 'service_unavailable', message: known.message }
    : { code: 'internal', message: 'The command failed in an unexpected way, and nothing was changed.' };
}

/** The client has no code for a connection that ends while an answer is waited for. */
function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string') return code;
  return String(message).startsWith('Connection terminated') ? 'ECONNRESET' : '';
}

/** What Postgres (SQLSTATE) and the network say, in words that tell what to do. A transaction that was not ended changed nothing. */
const reasons: readonly { codes: RegExp; message: string }[] = [
  {
    codes: /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|57P03)$/,
    message: 'The database cannot be reached; start the stack first.',
  },
  {
    codes: /^(ECONNRESET|EPIPE|57P0[125]|08\w{3})$/,
    message: 'The connection to the database ended, and nothing was changed: see whether it runs, and try again.',
  },
  {
    codes: /^28\w{3}$/,
    message:
      'The database does not take the password or the role: DATABASE_ADMIN_URL and DATABASE_ADMIN_PASSWORD say them.',
  },
  { codes: /^3D000$/, message: 'There is no database of that name: DATABASE_ADMIN_URL says it.' },
  {
    codes: /^42501$/,
    message: 'The role may not do that: DATABASE_ADMIN_URL has to name the one that owns the database.',
  },
  {
    codes: /^53\w{3}$/,
    message:
      'The database has no more room, or no more connections, and nothing was changed: make some, and try again.',
  },
];
