import { ServiceError } from '@orgn/contracts';
import { ConfigError, toSafeError } from '@orgn/service-kit/client';
import { findCommand, parseCommandLine, usageText } from './command-line.ts';
import { Output } from './output/output.ts';
import { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

/** Runs one command line. Answers the exit code: 0 done, 1 refused (the reason as JSON on stdout), 2 wrong usage. */
export async function run(args: readonly string[]): Promise<0 | 1 | 2> {
  const output = new Output();
  try {
    if (args.includes('--help')) {
      await output.line(usageText());
      return 0;
    }
    const command = findCommand(args);
    const flags = parseCommandLine(command, args.slice(2));
    await using session = new Session(flags, output);
    await command.run(flags, session);
    return session.isFailed ? 1 : 0;
  } catch (error) {
    if (error instanceof UsageError) {
      output.progress(`${error.message}\n\n${usageText()}`);
      return 2;
    }
    await output.line(JSON.stringify({ error: toRefusal(error).toWire() }));
    return 1;
  }
}

/** A refusal says what the caller can do; anything else is a defect, whose whereabouts go to stderr. */
function toRefusal(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof ConfigError) return new ServiceError('invalid_request', error.message);
  process.stderr.write(`${JSON.stringify(toSafeError(error))}\n`);
  return new ServiceError('internal', 'The command failed in an unexpected way.');
}
