import { outputLimitOf, type LimitedRequest } from '@orgn/dialects';

/** The output limit that a request sets, with the field that sets it. */
export function namedLimitOf(request: LimitedRequest): { tokens: number; param: string } | undefined {
  const tokens = outputLimitOf(request);
  if (tokens === undefined) return undefined;
  const fields = ['max_tokens', 'max_completion_tokens', 'max_output_tokens'] as const;
  return { tokens, param: fields.find((field) => request[field] === tokens) ?? fields[0] };
}
