import { fetchBundle } from './fetch-bundle.ts';
import { readCommand, usage, type Command } from './options.ts';
import { toTable } from './table.ts';
import { verify } from './verify.ts';

export const exitCodes = { good: 0, bad: 1, usage: 2, unknown: 3 } as const;

interface Output {
  out(text: string): void;
  error(text: string): void;
}

/** Runs a command. @returns the code to exit with */
export async function run(argv: readonly string[], output: Output, apiKey?: string): Promise<number> {
  try {
    return await runCommand(readCommand(argv), output, apiKey);
  } catch (error) {
    output.error(`${error instanceof Error ? error.message : 'It could not be done.'}\n\n${usage}`);
    return exitCodes.usage;
  }
}

async function runCommand(command: Command, output: Output, apiKey: string | undefined): Promise<number> {
  if (command.name === 'help') {
    output.out(usage);
    return exitCodes.good;
  }
  if (command.name === 'fetch') {
    const text = await fetchBundle(command, apiKey);
    if (text !== undefined) output.out(text);
    return exitCodes.good;
  }
  const verified = await verify(command);
  output.out(command.isJson ? `${JSON.stringify(verified, null, 2)}\n` : toTable(verified));
  return exitCodes[verified.outcome];
}
