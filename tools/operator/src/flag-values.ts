import type { z } from 'zod';
import { UsageError } from './usage-error.ts';

/**
 * Checks flags by the contract that will carry them, so that a mistake is named by its flag and not by a field.
 * @param flagOf the flag behind each field
 * @throws UsageError naming the first flag at fault
 */
export function parseFlags<S extends z.ZodObject>(
  schema: S,
  values: Record<keyof z.input<S>, unknown>,
  flagOf: Record<keyof z.input<S>, string>,
): z.output<S> {
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path[0] as keyof z.input<S> | undefined;
  if (field === undefined) throw new UsageError('The flags do not fit together.');
  if (values[field] === undefined) throw new UsageError(`--${flagOf[field]} is missing.`);
  throw new UsageError(`--${flagOf[field]} is not valid: ${toFault(issue)}.`);
}

function toFault(issue: z.core.$ZodIssue | undefined): string {
  const isTime = issue?.code === 'invalid_format' && issue.format === 'datetime';
  return isTime ? 'must be a time such as 2027-01-31T12:00:00Z' : (issue?.message ?? 'unknown fault');
}

/** A time flag: ISO 8601 with an offset, or a date alone, which means its first moment in UTC. */
export function toTime(flag: string | undefined): string | undefined {
  return flag !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(flag) ? `${flag}T00:00:00Z` : flag;
}

/** A flag that lists several values, separated by commas. */
export function toList(flag: string | undefined): string[] | undefined {
  return flag?.split(',').map((value) => value.trim());
}

/** A flag that is a number; another text is left as it is, for its contract to refuse. */
export function toNumber(flag: string | undefined): number | string | undefined {
  return flag !== undefined && /^\d+$/.test(flag) ? Number(flag) : flag;
}
