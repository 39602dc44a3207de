import type { z } from 'zod';
import type { ConfigClass } from './base-config.ts';

/** What is wrong with a process's environment: every fault at once, by variable name, never with a value. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Parses the environment into a frozen instance of the configuration class. The only place that reads `process.env`.
 * @throws ConfigError naming all bad variables
 */
export function readConfig<S extends z.ZodObject>(
  config: ConfigClass<S>,
  environment: Record<string, string | undefined> = process.env,
): z.output<S> {
  const parsed = config.schema.safeParse(withoutBlanks(environment));
  if (parsed.success) return Object.freeze(Object.assign(new config() as object, parsed.data)) as z.output<S>;
  throw new ConfigError(parsed.error.issues.map((issue) => toFault(issue, environment)));
}

/** `FOO=` in an env file means "not set". */
function withoutBlanks(environment: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function toFault(issue: z.core.$ZodIssue, environment: Record<string, string | undefined>): string {
  const name = issue.path.join('.') || 'environment';
  if (!environment[name]) return `${name} is not set${issue.code === 'custom' ? `: ${issue.message}` : ''}`;
  return `${name} ${issue.message.startsWith('must') ? issue.message : 'is not valid'}`;
}
