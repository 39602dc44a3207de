/** What a caller was told of the usage of an answer. */
export interface Told {
  promptTokens: number;
  completionTokens: number;
}

interface Usage {
  prompt_tokens?: number;
  completion_tokens?: number;
  input_tokens?: number;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  output_tokens?: number;
}
interface Event {
  type?: string;
  usage?: Usage | null;
  response?: { usage?: Usage | null };
}

/** Reads the usage that an answer tells, as a client does: the last one of a stream. Undefined where it tells none. */
export function toldUsage(path: string, text: string): Told | undefined {
  const parts: Event[] = text.startsWith('{') ? [JSON.parse(text) as Event] : eventsOf(text);
  const usage = parts.flatMap((part) => part.usage ?? part.response?.usage ?? []).at(-1);
  return (
    usage && {
      promptTokens: promptOf(path, usage),
      completionTokens: usage.completion_tokens ?? usage.output_tokens ?? 0,
    }
  );
}

/** Anthropic counts what a cache had apart from the rest. */
function promptOf(path: string, { prompt_tokens, input_tokens = 0, ...cached }: Usage): number {
  const { cache_read_input_tokens = 0, cache_creation_input_tokens = 0 } = path === '/messages' ? cached : {};
  return prompt_tokens ?? input_tokens + cache_read_input_tokens + cache_creation_input_tokens;
}

/** The data of a stream's events, as far as it is JSON. */
export function eventsOf<T = Event>(text: string): T[] {
  return [...text.matchAll(/^data:[ \t]*(\{[^\r\n]*\})[ \t]*$/gm)].map(([, json]) => JSON.parse(json ?? '') as T);
}
