/** What of a request shows in its answer. */
export interface AnsweredRequest {
  readonly model: string;
  /** Number of alternatives for each token, undefined when no log probabilities are asked for. */
  readonly topLogprobs: number | undefined;
  readonly includeUsage: boolean;
  readonly continuousUsage: boolean;
  readonly zeroDataRetention: boolean;
}

export interface Choice {
  readonly index: number;
  /** Text, or the fragments of a tool's JSON arguments; one chunk of a stream each. */
  readonly tokens: readonly string[];
  /** Name of the tool that is called, undefined for text. */
  readonly toolName: string | undefined;
  /** Tokens at the front that are reasoning. */
  readonly reasoning?: number;
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
}

/** An answer before a provider dresses it. */
export interface Completion {
  readonly request: AnsweredRequest;
  readonly choices: readonly Choice[];
  readonly promptTokens: number;
  /** Tokens of all choices together. */
  readonly completionTokens: number;
}
