import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { delaysOf } from './event-loops.ts';
import { print } from './figures.ts';
import { hostileInputs, type HostileInput } from './hostile-inputs.ts';
import { Stack } from './stack.ts';

// What is small and made to cost much: each is answered for what it is, and while it is read nobody waits for it. The long tests
// hold the bar of the event loops, which asks for a quiet machine, and print what each cost.

const isLong = process.env.TEST_LONG === '1';
const BAR_MS = isLong ? 100 : 2_000;
const TRIES = isLong ? 4 : 1;
const LONGEST_MS = 15_000;
/** What a service may have grown by after all of it, in MiB. */
const MOST_GROWTH = 256;

const stack = new Stack();

beforeAll(() => stack.start(), 120_000);
afterAll(() => stack.remove());

interface Outcome {
  input: HostileInput;
  /** 0 when the connection was closed before there was an answer. */
  status: number;
  /** Of the answer, or what closed the connection. */
  text: string;
  line: string;
  delay: number;
}

async function send({ url, init }: HostileInput): Promise<[status: number, text: string]> {
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(LONGEST_MS) });
    return [response.status, await response.text()];
  } catch (error) {
    return [0, String((error as Error).cause ?? error)];
  }
}

async function attempt(input: HostileInput): Promise<Outcome> {
  await delaysOf(stack);
  const before = performance.now();
  const [status, text] = await send(input);
  const ms = performance.now() - before;
  const [service, delay] = [...(await delaysOf(stack))].reduce((most, each) => (each[1] > most[1] ? each : most));
  const line = `${input.name}: ${status} in ${ms.toFixed(0)} ms, event loop at most ${delay.toFixed(0)} ms (${service})`;
  return { input, status, text, line, delay };
}

/** What else the machine does shows in one try, and not in all. */
async function bestOf(input: HostileInput): Promise<Outcome> {
  let best = await attempt(input);
  for (let tries = 1; tries < TRIES && best.delay > BAR_MS; tries += 1) {
    const again = await attempt(input);
    if (again.delay < best.delay) best = again;
  }
  if (isLong) print(best.line);
  return best;
}

/** Resident memory of a process in MiB. */
function memoryOf(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1_024;
}

const services = () => stack.file.processes.filter(({ service }) => ['gateway', 'auth'].includes(service));

test(
  'whatever is made to cost much costs little, and is answered for what it is',
  async () => {
    const before = new Map(services().map(({ name, pid }) => [name, memoryOf(pid)]));
    const outcomes: Outcome[] = [];
    for (const input of hostileInputs(stack.file)) outcomes.push(await bestOf(input));
    const worst = outcomes.reduce((most, each) => (each.delay > most.delay ? each : most));
    print(`${outcomes.length} hostile inputs; the worst: ${worst.line}`);
    const wrong = outcomes.filter(({ input, status, delay }) => !input.statuses.includes(status) || delay > BAR_MS);
    expect(wrong.map(({ line, text }) => `${line}: ${text.slice(0, 200)}`)).toEqual([]);
    for (const { name, pid } of services()) {
      const growth = memoryOf(pid) - before.get(name)!;
      print(`${name}: ${growth.toFixed(0)} MiB more than before`);
      expect(growth).toBeLessThan(MOST_GROWTH);
    }
    const answer = await stack.chat({ model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Still there?' }] });
    expect(answer.status).toBe(200);
  },
  isLong ? 600_000 : 120_000,
);
