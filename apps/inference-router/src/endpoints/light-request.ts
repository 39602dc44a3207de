/** Members that hold a prompt: nobody asks for them once a request was read. */
const bulk = new Set(['messages', 'input', 'prompt', 'documents', 'query']);

/** What all other members together may have: as much as moves from thread to thread without being noticed. */
const MOST_LENGTH = 256 * 1024;
const MOST_VALUES = 5_000;

interface Weight {
  length: number;
  values: number;
}

/**
 * A parsed request without its prompt and without what is too large besides; of tools that are too large, their kinds and
 * names. What decides anything about a request is bounded by its schema, and stays.
 */
export function lightRequest<R extends object>(request: R): R {
  const room = { length: MOST_LENGTH, values: MOST_VALUES };
  const weighed = Object.entries(request)
    .filter(([name]) => !bulk.has(name))
    .map(([name, value]: [string, unknown]) => ({ name, value, weight: weightOf(value) }))
    .sort((a, b) => a.weight.length - b.weight.length);
  const kept = weighed.flatMap(({ name, value, weight }): [string, unknown][] => {
    if (take(room, weight)) return [[name, value]];
    return name === 'tools' && Array.isArray(value) ? [[name, value.map(toNames)]] : [];
  });
  return Object.fromEntries(kept) as R;
}

function take(room: Weight, { length, values }: Weight): boolean {
  if (length > room.length || values > room.values) return false;
  room.length -= length;
  room.values -= values;
  return true;
}

/** Looked at no further than to where it is too much. */
function weightOf(value: unknown): Weight {
  const weight = { length: 0, values: 0 };
  add(value, weight);
  return weight;
}

function add(value: unknown, weight: Weight): void {
  weight.values += 1;
  if (typeof value === 'string') weight.length += value.length;
  if (typeof value !== 'object' || value === null) return;
  for (const [name, inner] of Object.entries(value)) {
    if (weight.length > MOST_LENGTH || weight.values > MOST_VALUES) return;
    weight.length += name.length;
    add(inner, weight);
  }
}

interface NamedTool {
  type?: unknown;
  name?: unknown;
  tools?: readonly NamedTool[];
}

function toNames({ type, name, tools }: NamedTool): NamedTool {
  return { type, name, ...(tools && { tools: tools.map(toNames) }) };
}
