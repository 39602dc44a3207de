/** What a program of ours needs to know: which cases at which addresses, and what to say. */
const { CASES, API_KEY, MODEL, PROMPTS, TOOL_RESULT } = process.env;
export const model = MODEL;
export const apiKey = API_KEY;
export const prompts = JSON.parse(PROMPTS);
export const toolResult = (city) => TOOL_RESULT.replace('{city}', city);

/** The tool that the model calls. */
export const weather = {
  name: 'get_weather',
  description: 'The weather of a city.',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
};

/**
 * Runs each case that was asked for and prints what came of it. A case gets the gateway's address and answers
 * `{ text, usage?, calls?, deltas? }`.
 */
export async function runCases(cases) {
  for (const [name, url] of Object.entries(JSON.parse(CASES))) {
    try {
      print({ case: name, ...(await cases[name](url)) });
    } catch (error) {
      print({ case: name, error: `${error?.name}: ${error?.message}`.slice(0, 600) });
    }
  }
  process.exit(0);
}

/** Adds up usage, whatever the members are called. */
export class Usage {
  input = 0;
  output = 0;

  add(usage, [input, output]) {
    this.input += usage?.[input] ?? Number.NaN;
    this.output += usage?.[output] ?? Number.NaN;
  }

  toJSON() {
    return { input: this.input, output: this.output };
  }
}

function print(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

/**
 * Does the same with each of several kinds of model. All must come to the same calls; the shortest text stands for all.
 * @param {Record<string, unknown>} kinds by name
 * @param {(kind: unknown, usage: Usage) => Promise<object>} exercise
 */
export async function withEach(kinds, exercise) {
  const usage = new Usage();
  const results = [];
  for (const [name, kind] of Object.entries(kinds)) {
    const result = await exercise(kind, usage).catch((error) => {
      throw new Error(`${name}: ${error.message}`);
    });
    results.push(result);
  }
  const calls = new Set(results.map((result) => String(result.calls)));
  if (calls.size > 1) throw new Error(`its tool was called with ${[...calls].join(' and ')}`);
  return { ...results.toSorted((one, other) => one.text.length - other.text.length)[0], usage };
}
