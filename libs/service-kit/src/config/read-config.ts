import type { z } from 'zod';
import type { ConfigClass } from './base-config.ts';
import { ConfigError } from './config-error.ts';
import { exampleLine } from './example-lines.ts';
import type { Fault, Rule } from './rules.ts';
import { secretNames } from './secret.ts';
import { readSettingFiles } from './setting-files.ts';

type Environment = Record<string, string | undefined>;

/**
 * Parses the environment into a frozen instance of the configuration class. Each setting NAME may come as NAME_FILE, the
 * path of a file that holds it. The only place that reads `process.env`; secrets are gone from there afterwards.
 * @param rules what is asked beside the rules of the class
 * @throws ConfigError naming all bad variables
 */
export function readConfig<S extends z.ZodObject>(
  config: ConfigClass<S>,
  environment: Environment = process.env,
  rules: readonly Rule[] = [],
): z.output<S> {
  const { parsed, faults } = examine(config, environment, rules);
  if (environment === process.env) forget(config);
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults.map(({ message }) => message));
  return Object.freeze(Object.assign(new config() as object, parsed.data)) as z.output<S>;
}

/** All that is wrong with an environment for a configuration class, each setting once. @param rules as for `readConfig` */
export function findFaults<S extends z.ZodObject>(
  config: ConfigClass<S>,
  environment: Environment,
  rules: readonly Rule[] = [],
): Fault[] {
  return examine(config, environment, rules).faults;
}

function examine<S extends z.ZodObject>(config: ConfigClass<S>, environment: Environment, rules: readonly Rule[]) {
  const files = readSettingFiles(Object.keys(config.schema.shape), environment);
  const given = { ...withoutBlanks(environment), ...withoutBlanks(files.values) };
  const parsed = config.schema.safeParse(given);
  const found = [
    ...Object.entries(files.faults).map(([name, message]) => ({ name, message })),
    ...(parsed.error?.issues ?? []).map((issue) => toFault(issue, given)),
    ...[...config.rules, ...rules].flatMap((rule) => rule(given)),
  ];
  const faults = found.filter(({ name }, at) => found.findIndex((other) => other.name === name) === at);
  return { parsed, faults };
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

function toFault(issue: z.core.$ZodIssue, given: Environment): Fault {
  const name = nameOf(issue);
  if (!given[name]) return { name, message: `${name} is not set: add the line ${exampleLine(name)}` };
  return { name, message: `${name} ${issue.message.startsWith('must') ? issue.message : 'is not valid'}` };
}
