import type { Stack } from './stack.ts';

/** A gauge's sum over all processes and labels that have it. @throws Error when no process has it */
export async function gauge(stack: Stack, name: string): Promise<number> {
  const pages = await Promise.all(stack.file.metrics.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  const lines = pages.flatMap((page) => page.split('\n')).filter((line) => /^\w+/.exec(line)?.[0] === name);
  if (lines.length === 0) throw new Error(`nobody measures ${name}`);
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
