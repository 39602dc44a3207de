import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { start, stop } from './processes.mjs';

/** Makes some tens of MB of garbage, and says what it holds. */
const script = `
  let garbage = Array.from({ length: 2 ** 20 }, (_, n) => ({ n, text: 'x'.repeat(n % 8) }));
  garbage = undefined;
  setInterval(() => undefined, 1_000);
  console.log(process.memoryUsage().heapUsed);
`;

test('a process that was started with it says on a signal what is alive, without its garbage', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'orgn-heap-'));
  const file = join(dir, 'heap');
  const preload = pathToFileURL(join(import.meta.dirname, 'collect-garbage.mjs')).href;
  const command = [process.execPath, '--import', preload, '--input-type=module', '--eval', script];
  const child = start(command, { env: { BENCH_HEAP_FILE: file }, stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [held] = await once(child.stdout, 'data');
    child.kill('SIGUSR2');
    while (!existsSync(file)) await sleep(20);
    const alive = Number(readFileSync(file, 'utf8'));
    expect(alive).toBeGreaterThan(1_000_000);
    expect(alive).toBeLessThan(Number(held) / 2);
  } finally {
    await stop(child);
    rmSync(dir, { recursive: true, force: true });
  }
});
