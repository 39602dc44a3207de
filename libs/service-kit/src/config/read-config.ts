import type { z } from 'zod';
import type { ConfigClass } from './base-config.ts';
import { secretNames } from './secret.ts';
import { readSettingFiles } from './setting-files.ts';

type Environment = Record<string, string | undefined>;

/** What is wrong with a process's environment: every fault at once, by variable name, never with a value. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`The environment is not usable:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/**
 * Parses the environment into a frozen instance of the configuration class. Each setting NAME may come as NAME_FILE, the
 * path of a file that holds it. The only place that reads `process.env`; secrets are gone from there afterwards.
 * @throws ConfigError naming all bad variables
 */
export function readConfig<S extends z.ZodObject>(
  config: ConfigClass<S>,
  environment: Environment = process.env,
): z.output<S> {
  const files = readSettingFiles(Object.keys(config.schema.shape), environment);
  const given = { ...withoutBlanks(environment), ...withoutBlanks(files.values) };
  const parsed = config.schema.safeParse(given);
  if (environment === process.env) forget(config);
  const faults = Object.values(files.faults);
  if (parsed.success && faults.length === 0) {
    return Object.freeze(Object.assign(new config() as object, parsed.data)) as z.output<S>;
  }
  const issues = (parsed.error?.issues ?? []).filter((issue) => !(nameOf(issue) in files.faults));
  throw new ConfigError([...faults, ...issues.map((issue) => toFault(issue, given))]);
}

/** Whoever prints the environment, or hands it to a child, has no secret in it. */
function forget<S extends z.ZodObject>(config: ConfigClass<S>): void {
  for (const name of secretNames(config)) Reflect.deleteProperty(process.env, name);
}

/** `FOO=` in an env file means "not set". */
function withoutBlanks(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ''),
  );
}

function nameOf(issue: z.core.$ZodIssue): string {
  return issue.path.join('.') || 'environment';
}

function toFault(issue: z.core.$ZodIssue, given: Environment): string {
  const name = nameOf(issue);
  if (!given[name]) return `${name} is not set${issue.code === 'custom' ? `: ${issue.message}` : ''}`;
  return `${name} ${issue.message.startsWith('must') ? issue.message : 'is not valid'}`;
}
