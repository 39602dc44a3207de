/** The members of a request that limit its output. */
export interface LimitedRequest {
  max_tokens?: number | null | undefined;
  max_completion_tokens?: number | null | undefined;
  max_output_tokens?: number | null | undefined;
}

/** The output limit the caller set, in tokens: the smallest of the fields; undefined when there is none. */
export function outputLimitOf(request: LimitedRequest): number | undefined {
  const { max_tokens, max_completion_tokens, max_output_tokens } = request;
  const limits = [max_tokens, max_completion_tokens, max_output_tokens].filter((limit) => typeof limit === 'number');
  return limits.length > 0 ? Math.min(...limits) : undefined;
}
