import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { refusedBy, type Fault } from '../../tools/evidence/src/faults.ts';
import { print } from './figures.ts';
import { eventually, Stack } from './stack.ts';

const isLong = process.env.TEST_LONG === '1';
/** Prompts that are tried once an enclave was refused. */
const TRIES = 5;
const body = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const stack = new Stack();

beforeAll(() => {
  // Sessions count for three seconds, and what GPUs proved for thirty: a fault is noticed by then.
  stack.env.ATTESTATION_MAX_AGE = '3';
  return stack.start();
});
afterAll(() => stack.remove());

interface Refusal {
  code?: string;
  checks?: { id: string; status: string }[];
}

async function ask(): Promise<{ status: number; error: Refusal }> {
  const answer = await stack.chat(body);
  const { error = {} } = (await answer.json()) as { error?: Refusal };
  return { status: answer.status, error };
}

const prompts = async () => (await stack.received('near')).requests;
const all = Object.entries(refusedBy) as [Fault, string][];
const table: [fault: string, tried: number, refused: number, leaked: number][] = [];

test.each(isLong ? all : all.filter(([fault]) => fault === 'debug_td'))(
  'an enclave with %s is refused by %s, and no prompt reaches it',
  async (fault, id) => {
    await stack.control('near', {});
    await eventually(async () => expect((await ask()).status).toBe(200), 60_000);
    await stack.control('near', { attestation: fault });
    await eventually(async () => expect((await ask()).status).toBe(503), 90_000);
    const before = await prompts();
    const answers = [];
    for (let at = 0; at < TRIES; at += 1) answers.push(await ask());
    const refused = answers.filter(({ status, error }) => status === 503 && error.code === 'attestation_failed');
    const leaked = (await prompts()) - before;
    table.push([fault, TRIES, refused.length, leaked]);
    expect([refused.length, leaked]).toEqual([TRIES, 0]);
    for (const { error } of refused) expect(error.checks).toContainEqual({ id, status: 'fail' });
  },
  200_000,
);

test('is told', () => {
  for (const row of table) print(`${row[0].padEnd(32)} tried ${row[1]}, refused ${row[2]}, leaked ${row[3]}`);
  const sums = [1, 2, 3].map((at) => table.reduce((sum, row) => sum + Number(row[at]), 0));
  print(`all: tried ${sums[0]}, refused ${sums[1]}, leaked ${sums[2]}`);
  expect(sums[1]).toBe(sums[0]);
});
