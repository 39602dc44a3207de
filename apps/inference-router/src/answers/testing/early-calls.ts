import { eventsOf } from './told.ts';

interface StreamEvent {
  type: string;
  index?: number;
  output_index?: number;
  delta?: { partial_json?: string };
  content_block?: { type: string };
  item?: { type: string; status?: string; arguments?: string };
}

/** Follows the tool calls of one translated stream, in Anthropic's protocol or in that of OpenAI's responses. */
class CallWatch {
  readonly faults: string[] = [];
  readonly #inputs = new Map<number, string>();
  readonly #closed = new Set<number>();

  readonly #seen: Record<string, ((index: number, event: StreamEvent) => void) | undefined> = {
    content_block_start: (index, { content_block: block }) => {
      if (block?.type === 'tool_use') this.#inputs.set(index, '');
    },
    content_block_delta: (index, { delta }) => this.#add(index, delta?.partial_json ?? ''),
    content_block_stop: (index) => this.#close(index, this.#inputs.get(index)),
    'response.function_call_arguments.delta': (index) => this.#add(index, ''),
    'response.output_item.done': (index, { item }) =>
      this.#close(index, item?.status === 'completed' ? item.arguments : undefined),
  };

  constructor(private readonly hasFailed: boolean) {}

  see(event: StreamEvent): void {
    this.#seen[event.type]?.(event.index ?? event.output_index ?? 0, event);
  }

  #add(index: number, input: string): void {
    if (this.#closed.has(index)) this.faults.push('something of it came after its end');
    const before = this.#inputs.get(index);
    if (before !== undefined) this.#inputs.set(index, before + input);
  }

  #close(index: number, input: string | undefined): void {
    this.#closed.add(index);
    if (input === undefined) return;
    if (input === '' ? this.hasFailed : !isJson(input)) this.faults.push(`complete with ${JSON.stringify(input)}`);
  }
}

/**
 * What is wrong with the tool calls that a translated stream announced as complete: their arguments are no JSON, something of
 * them came later, or they were empty and the stream failed then.
 */
export function earlyCalls(text: string, hasFailed: boolean): string[] {
  const watch = new CallWatch(hasFailed);
  for (const event of eventsOf<StreamEvent>(text)) watch.see(event);
  return watch.faults;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
