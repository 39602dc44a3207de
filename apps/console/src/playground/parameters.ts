/** How a parameter is typed in. */
export type ParameterKind =
  | { kind: 'number'; least: number; most: number; isWhole?: boolean }
  | { kind: 'choice'; choices: readonly string[] }
  | { kind: 'lines' }
  | { kind: 'json' };

export type Parameter = ParameterKind & { name: string; hint: string };

/** The parameters that have a field of their own, as the API calls them. All others go into the field for JSON. */
export const parameters: readonly Parameter[] = [
  {
    name: 'max_completion_tokens',
    kind: 'number',
    least: 1,
    most: 10_000_000,
    isWhole: true,
    hint: 'Longest answer, in tokens.',
  },
  { name: 'temperature', kind: 'number', least: 0, most: 2, hint: '0: the likeliest word; 2: nearly any.' },
  { name: 'top_p', kind: 'number', least: 0, most: 1, hint: 'Choose among words that make up this share.' },
  { name: 'top_k', kind: 'number', least: -1, most: 1_000_000, isWhole: true, hint: 'Choose among so many words.' },
  { name: 'min_p', kind: 'number', least: 0, most: 1, hint: 'Leave out words below this share of the likeliest.' },
  { name: 'frequency_penalty', kind: 'number', least: -2, most: 2, hint: 'Against words by how often they came.' },
  { name: 'presence_penalty', kind: 'number', least: -2, most: 2, hint: 'Against words that came at all.' },
  { name: 'repetition_penalty', kind: 'number', least: 0, most: 10, hint: 'Above 1: against repeating.' },
  {
    name: 'seed',
    kind: 'number',
    least: Number.MIN_SAFE_INTEGER,
    most: Number.MAX_SAFE_INTEGER,
    isWhole: true,
    hint: 'The same seed tends to the same answer.',
  },
  {
    name: 'reasoning_effort',
    kind: 'choice',
    choices: ['none', 'minimal', 'low', 'medium', 'high'],
    hint: 'How much it thinks before it answers.',
  },
  {
    name: 'tool_choice',
    kind: 'choice',
    choices: ['auto', 'required', 'none'],
    hint: 'Whether it may, must or must not call a tool.',
  },
  { name: 'stop', kind: 'lines', hint: 'Ends the answer before any of these; one a line.' },
  { name: 'response_format', kind: 'json', hint: '{"type": "json_object"}, or a schema to keep to.' },
];

/** Members that the page itself sets, or that a page which streams one answer has no use for. */
const own = new Set([
  'tools',
  'max_tokens',
  'stream_options',
  'usage',
  'n',
  'functions',
  'function_call',
  'audio',
  'modalities',
]);

/** The fields for a model that takes these members. */
export function fieldsFor(taken: readonly string[]): readonly Parameter[] {
  const isTaken = new Set(taken);
  return parameters.filter(({ name }) => isTaken.has(name));
}

/** Members that have no field of their own and can be given as JSON. */
export function othersFor(taken: readonly string[]): readonly string[] {
  const fields = new Set(parameters.map(({ name }) => name));
  return taken.filter((name) => !fields.has(name) && !own.has(name) && !name.includes('.'));
}

export type Read = { value: unknown } | { fault: string } | undefined;

/** A field's text as the value that it stands for; undefined: nothing was typed. */
export function readField(parameter: Parameter, typed: string): Read {
  const text = typed.trim();
  if (text === '') return undefined;
  if (parameter.kind === 'choice') return { value: text };
  if (parameter.kind === 'lines') return { value: typed.split('\n').filter((line) => line !== '') };
  return parameter.kind === 'json' ? readObject(text) : readNumber(parameter, text);
}

function readNumber({ least, most, isWhole = false }: ParameterKind & { kind: 'number' }, text: string): Read {
  const value = Number(text);
  if (!Number.isFinite(value)) return { fault: 'A number, with a point before its fraction.' };
  if (isWhole && !Number.isSafeInteger(value)) return { fault: 'A whole number.' };
  return value < least || value > most ? { fault: `Between ${least} and ${most}.` } : { value };
}

/** Text as a JSON object; nothing for no text. */
export function readObject(text: string): Read {
  if (text.trim() === '') return undefined;
  const value = parsed(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? { value } : { fault: 'A JSON object: { … }.' };
}

/** Text as a list of tools. A single tool, and functions without their envelope, are taken as well. */
export function readTools(text: string): Read {
  if (text.trim() === '') return undefined;
  const value = parsed(text);
  const all: unknown[] = Array.isArray(value) ? value : [value];
  if (!all.every(isMembers)) return { fault: 'A JSON list of tools: [ … ].' };
  return { value: all.map((one) => ('name' in one ? { type: 'function', function: one } : one)) };
}

const isMembers = (value: unknown): value is object => typeof value === 'object' && value !== null;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
