import { ServiceError } from '@orgn/contracts';
import type { z } from 'zod';

/**
 * Parses a caller's value by its schema.
 * @throws ServiceError `unknown_parameter` for a field the schema does not list, else `invalid_request`; `param` is the
 *   field's path as OpenAI writes it (`messages[0].content`)
 */
export function parseRequest<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  if (!issue) throw new ServiceError('invalid_request', 'The request is not valid.');
  if (issue.code === 'unrecognized_keys') throw unknownParameter(toPath([...issue.path, issue.keys[0] ?? '']));
  const param = toPath(issue.path);
  throw new ServiceError('invalid_request', `${param || 'The request'} ${toReason(issue)}.`, {
    param: param || undefined,
  });
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

function toReason(issue: z.core.$ZodIssue): string {
  if (issue.message.startsWith('must')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is required' : `must be of type ${issue.expected}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'too_small':
      return `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'invalid_union':
      return 'has no known form';
    default:
      return 'is not valid';
  }
}
