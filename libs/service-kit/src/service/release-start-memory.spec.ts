import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const MIB = 1024 * 1024;

/** A process of its own: what Jest keeps would hide what is given back. */
const program = `
  const { releaseStartMemory } = await import(process.argv[1]);
  let kept = Array.from({ length: 400_000 }, (_, index) => ({ index }));
  kept = kept.filter(({ index }) => index % 1_000 === 0);
  const running = setInterval(() => {}, 1_000);
  const before = process.memoryUsage();
  await releaseStartMemory(50);
  const after = process.memoryUsage();
  clearInterval(running);
  console.log(JSON.stringify({ before: before.heapTotal, after: after.heapTotal, kept: kept.length, gc: typeof gc }));
`;

test('what a start has left goes back to the machine once the service is quiet', () => {
  const file = join(import.meta.dirname, 'release-start-memory.ts');
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program, file], { encoding: 'utf8' });
  const { before, after, kept, gc } = JSON.parse(output) as Record<string, number | string>;
  expect([kept, gc]).toEqual([400, 'undefined']);
  expect(Number(before) - Number(after)).toBeGreaterThan(8 * MIB);
});
