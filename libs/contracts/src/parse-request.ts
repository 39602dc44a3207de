import { ServiceError, type ErrorCode } from './errors/errors.ts';
import type { z } from 'zod';
import { parseSafely } from './exact-form.ts';

type Issue = z.core.$ZodIssue;

/**
 * Only the first fault is told, and a list may have a fault in each of its elements. What Zod's `validate` has for this is
 * understood by all that parse.
 */
const untilFirstFault: z.core.ParseContext<z.core.$ZodIssue> & { abortEarly: true } = { abortEarly: true };

/**
 * Parses a caller's value by its schema.
 * @throws ServiceError `unknown_parameter` for a field the schema does not list, the code of a `refused` field, else
 *   `invalid_request`; `param` is the field's path as OpenAI writes it (`messages[0].content`)
 */
export function parseRequest<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = parseSafely(schema, value, untilFirstFault);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  if (!first) throw new ServiceError('invalid_request', 'The request is not valid.');
  const issue = innermost(first);
  if (issue.code === 'unrecognized_keys') throw unknownParameter(toPath([...issue.path, issue.keys[0] ?? '']));
  const param = toPath(issue.path).slice(0, 128);
  throw new ServiceError(codeOf(issue), `${param || 'The request'} ${toReason(issue)}.`, { param: param || undefined });
}

/**
 * Where a value may have several forms, the fault lies inside the one form that it has: a wrong part of a list of parts
 * is reported at that part, not as "neither a string nor a list".
 */
function innermost(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const faults = issue.errors.flatMap((branch) => {
    const first = branch[0];
    return first && isInside(first) ? [first] : [];
  });
  const fault = faults[0];
  if (!fault || faults.length > 1) return issue;
  return innermost({ ...fault, path: [...issue.path, ...fault.path] });
}

/** The value had this form, so that something within it, or its size, is at fault. */
function isInside(issue: Issue): boolean {
  // Forms that differ by one member: this was not the one.
  if (issue.code === 'invalid_union' && issue.errors.length === 0 && issue.path.length === 1) return false;
  return issue.path.length > 0 || ['unrecognized_keys', 'too_small', 'too_big', 'custom'].includes(issue.code);
}

function codeOf(issue: Issue): ErrorCode {
  const params = issue.code === 'custom' ? (issue.params as { code?: ErrorCode } | undefined) : undefined;
  return params?.code ?? 'invalid_request';
}

function unknownParameter(param: string): ServiceError {
  const shown = param.slice(0, 128);
  return new ServiceError('unknown_parameter', `${shown} is not a parameter of this endpoint; remove it.`, {
    param: shown,
  });
}

function toPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text ? `${text}.${String(step)}` : String(step);
  }, '');
}

function toReason(issue: Issue): string {
  if (issue.message.startsWith('must')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is required' : `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be ${listed(issue.values)}`;
    case 'too_small':
      return `must ${sizeOf(issue.origin, `at least ${issue.minimum}`)}`;
    case 'too_big':
      return `must ${sizeOf(issue.origin, `at most ${issue.maximum}`)}`;
    default:
      return 'options' in issue ? `must be ${listed(issue.options)}` : 'is not valid';
  }
}

const listed = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(' or ');

function sizeOf(origin: string, bound: string): string {
  if (origin === 'record') return `have ${bound} members`;
  if (origin === 'array') return `have ${bound} items`;
  return origin === 'string' ? `have ${bound} characters` : `be ${bound}`;
}
