import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { usageOfWhole } from './load.ts';
import { eventually, Stack, unbilled } from './stack.ts';

const isLong = process.env.TEST_LONG === '1';
const rounds = isLong ? 3 : 1;
const flags = isLong ? ['--gateways', '2', '--routers', '2', '--registries', '2', '--meterings', '2'] : [];
const models = ['near_qwen3_30b', 'phala_llama_3_3_70b', 'vercel_gpt_4o'];
const CALLERS = 6;

/** An answer that reached its caller whole, with the provider's own figures. */
interface Delivered {
  requestId: string;
  promptTokens: number;
  completionTokens: number;
}

const stack = new Stack(unbilled);
const delivered: Delivered[] = [];
const refused = new Map<string, number>();
let isLoading = true;

beforeAll(() => stack.start(...flags));
afterAll(() => stack.remove());

async function call(index: number): Promise<void> {
  const stream = index % 2 === 0;
  const body = {
    model: models[index % models.length],
    messages: [{ role: 'user', content: `Question ${index}` }],
    ...(stream && { stream, stream_options: { include_usage: true } }),
  };
  try {
    const { gateways } = stack.file;
    const api = gateways[index % gateways.length]!;
    const response = await stack.chat(body, { signal: AbortSignal.timeout(20_000), api });
    const text = await response.text();
    const usage = response.ok ? usageOfWhole(text, stream) : undefined;
    if (usage) delivered.push({ requestId: response.headers.get('x-request-id')!, ...usage });
    else count(response.ok ? 'broken off' : String(response.status));
  } catch (error) {
    count((error as Error).name);
  }
}

function count(reason: string): void {
  refused.set(reason, (refused.get(reason) ?? 0) + 1);
}

async function load(caller: number): Promise<void> {
  for (let index = caller; isLoading; index += CALLERS) {
    await call(index);
    await sleep(20);
  }
}

/** Kills one process and answers how long it took until it was back and requests went through, in milliseconds. */
async function killAndHeal(name: string): Promise<number> {
  const { pid } = stack.file.processes.find((process) => process.name === name)!;
  process.kill(pid, 'SIGKILL');
  const killedAt = Date.now();
  await eventually(async () => {
    const back = stack.file.processes.find((process) => process.name === name);
    expect(back && back.pid !== pid).toBe(true);
    for (const api of stack.file.gateways) expect((await fetch(`${api}/health`)).status).toBe(200);
    const probe = await stack.chat({ model: models[0], messages: [{ role: 'user', content: 'Are you there?' }] });
    await probe.text();
    expect(probe.status).toBe(200);
  }, 30_000);
  return Date.now() - killedAt;
}

test(
  'whatever is killed with -9, the stack heals, and every answer that was delivered whole is recorded exactly once',
  async () => {
    const callers = Array.from({ length: CALLERS }, (_, caller) => load(caller));
    const heals: string[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const { name } of stack.file.processes) {
        await sleep(700);
        heals.push(`${name} ${await killAndHeal(name)} ms`);
      }
    }
    await sleep(700);
    isLoading = false;
    await Promise.all(callers);

    let rows = await stack.usage();
    await eventually(async () => {
      rows = await stack.usage();
      const known = new Set(rows.map(({ requestId }) => requestId));
      expect(delivered.filter(({ requestId }) => !known.has(requestId))).toEqual([]);
    }, 60_000);
    const byId = new Map(rows.map((row) => [row.requestId, row]));
    const wrong = delivered.filter((answer) => {
      const row = byId.get(answer.requestId);
      return (
        row?.outcome !== 'completed' ||
        row.promptTokens !== answer.promptTokens ||
        row.completionTokens !== answer.completionTokens
      );
    });
    const lost = delivered.filter(({ requestId }) => !byId.has(requestId)).length;
    const figures = `delivered whole ${delivered.length}, rows ${rows.length}, lost ${lost}, twice ${rows.length - byId.size}, wrong ${wrong.length}`;
    process.stdout.write(
      `\nkill -9: ${figures}; refused or broken off ${JSON.stringify(Object.fromEntries(refused))}\nhealed: ${heals.join(', ')}\n`,
    );
    expect(delivered.length).toBeGreaterThan(100);
    expect(rows.length).toBe(byId.size);
    expect(wrong).toEqual([]);
  },
  isLong ? 600_000 : 240_000,
);
