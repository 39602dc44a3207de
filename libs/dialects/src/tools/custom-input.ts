/** The only parameter of a custom tool that is offered as a function. */
export const customParameters = {
  type: 'object',
  properties: { input: { type: 'string', description: 'The whole input of the tool, as plain text.' } },
  required: ['input'],
  additionalProperties: false,
};

interface CustomTool {
  description?: string | null | undefined;
  format?: { type: 'text' } | { type: 'grammar'; definition: string; syntax: 'lark' | 'regex' } | null | undefined;
}

/** What a model is told of a custom tool: most engines know functions only, so that a grammar becomes words. */
export function customDescription({ description, format }: CustomTool): string {
  const said = description ? [description] : [];
  if (format?.type === 'grammar')
    said.push(
      `"input" must match this ${format.syntax === 'regex' ? 'regular expression' : 'Lark grammar'}:`,
      format.definition,
    );
  return said.join('\n\n');
}

export const toCustomArguments = (input: string) => JSON.stringify({ input });

/** The input that a model meant: the text of `input`, or of the only text there is, or else all that it wrote. */
export function customInputOf(json: string): string {
  const value: unknown = json.trim() === '' ? {} : JSON.parse(json);
  if (typeof value !== 'object' || value === null) return json;
  const { input } = value as { input?: unknown };
  if (typeof input === 'string') return input;
  const [only, ...others] = Object.values(value) as unknown[];
  if (only === undefined) return '';
  return typeof only === 'string' && others.length === 0 ? only : json;
}
