import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack, unbilled } from './stack.ts';

const CALLERS = 8;
const SECONDS = 15;
const stack = new Stack(unbilled);

beforeAll(() => stack.start('--registries', '2'), 300_000);
afterAll(() => stack.remove());

/** Callers who list the models one after the other for so long, each time with a verification of their key. */
async function call(seconds: number): Promise<{ failed: number; took: number[] }> {
  const { api, demo } = stack.file;
  const until = performance.now() + seconds * 1_000;
  const took: number[] = [];
  let failed = 0;
  const one = async () => {
    while (performance.now() < until) {
      const from = performance.now();
      const response = await fetch(`${api}/v1/models`, { headers: { authorization: `Bearer ${demo.key}` } });
      await response.arrayBuffer();
      if (response.status === 200) took.push(performance.now() - from);
      else failed += 1;
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, one));
  return { failed, took: took.sort((a, b) => a - b) };
}

const p50 = (took: number[]) => took[took.length >> 1] ?? Infinity;
const show = (words: string, { failed, took }: Awaited<ReturnType<typeof call>>) =>
  process.stdout.write(
    `${words}: ${took.length} answers, ${failed} failures, p50 ${p50(took).toFixed(1)} ms, max ${took.at(-1)?.toFixed(0)} ms\n`,
  );

test('a registry that hangs makes no request fail, and most of them no slower', async () => {
  await call(3);
  const before = await call(5);
  show('two registries', before);
  const hung = stack.file.processes.find(({ name }) => name === 'key-registry-2')!.pid;
  process.kill(hung, 'SIGSTOP');
  try {
    const during = await call(SECONDS);
    show('one of them stopped by SIGSTOP', during);
    expect(during.failed).toBe(0);
    expect(p50(during.took)).toBeLessThan(p50(before.took) * 2 + 20);
  } finally {
    process.kill(hung, 'SIGCONT');
  }
  const after = await call(3);
  show('and after SIGCONT', after);
  expect(after.failed).toBe(0);
}, 120_000);
