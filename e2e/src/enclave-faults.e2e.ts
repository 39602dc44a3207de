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
  // Sessions count for three seconds, and NVIDIA's word for thirty: a fault is noticed by then.
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

/** An operator sees the fault: where states are shown, and by the metric that the alarm watches. */
async function isTold(id: string): Promise<void> {
  const status = (await (await fetch(`${stack.file.api}/status`)).json()) as {
    attestation: { enclaves: Record<string, { status: string; failed: string[] }> };
  };
  expect(status.attestation.enclaves.near).toMatchObject({ status: 'failed' });
  expect(status.attestation.enclaves.near?.failed).toContain(id);
  const pages = await Promise.all(stack.file.metrics.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  const ends = pages.flatMap(
    (page) => /^orgn_attestation_session_expiry_seconds\{[^}]*"near"[^}]*\} (\S+)$/m.exec(page)?.[1] ?? [],
  );
  expect(Math.min(...ends.map(Number))).toBeLessThan(Date.now() / 1_000);
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
    await eventually(() => isTold(id), 30_000);
  },
  200_000,
);

interface Told {
  status: string;
  channel: string | null;
  checks: { id: string; status: string }[];
}

/** What the receipt of an answer says, once it is there. */
async function receiptAfter(require?: string): Promise<Told> {
  const { api, demo } = stack.file;
  const headers = { authorization: `Bearer ${demo.key}`, 'content-type': 'application/json' };
  const more = require ? { 'x-ollm-require': require } : {};
  const sent = { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) };
  const answer = await fetch(`${api}/v1/chat/completions`, sent);
  expect(answer.status).toBe(200);
  await answer.text();
  const at = `${api}/v1/receipts/${answer.headers.get('x-request-id') ?? ''}`;
  let told: Told | undefined;
  await eventually(async () => {
    const { orgn } = (await (await fetch(at, { headers })).json()) as { orgn: Told };
    // What stands in a receipt's place has none.
    expect(orgn).toHaveProperty('checks');
    told = orgn;
  }, 60_000);
  return told!;
}

/** What shows with answers only, and the check that says it of each; null: no fault, or one that passes by. */
const inLong = isLong ? test : test.skip;

const ofAnswers = [
  ['second_instance_behind_the_same_key', 'signer_attested'],
  ['signature_missing', 'signature_present'],
  ['signature_for_other_bytes', 'response_hash'],
  ['signature_late', null],
  ['empty_digests', null],
] satisfies [Fault, string | null][];

inLong.each<[Fault, string | null]>(ofAnswers)(
  'an answer under %s is called what it is (%s), and never more',
  async (fault, id) => {
    await stack.control('near', {});
    await eventually(async () => expect((await ask()).status).toBe(200), 60_000);
    await stack.control('near', { attestation: fault });
    await eventually(async () => {
      const told = await Promise.all(Array.from({ length: TRIES }, () => receiptAfter()));
      const open = told.filter(({ checks }) => checks.some(({ status }) => status !== 'pass'));
      for (const { status, channel } of open) {
        expect(['failed', 'pending']).toContain(status);
        if (id === 'signer_attested') expect(channel).toBe('key_attested');
      }
      for (const one of told) expect([one.status === 'verified', open.includes(one)]).not.toEqual([true, true]);
      for (const { checks } of open) expect(checks.find((check) => check.id === id)?.status).not.toBe('pass');
      expect(open.length > 0).toBe(id !== null);
      table.push([`${fault} (receipts)`, open.length, open.length, 0]);
    }, 120_000);
  },
  200_000,
);

inLong.each<Fault>(['second_instance_behind_the_same_key'])(
  'who demands an instance gets one that was attested itself, under %s too',
  async (fault) => {
    await stack.control('near', { attestation: fault });
    const told = await Promise.all(Array.from({ length: 4 }, () => receiptAfter('instance')));
    expect(told.map(({ status, channel }) => [status, channel])).toEqual(
      told.map(() => ['verified', 'instance_attested']),
    );
    await stack.control('near', {});
  },
  200_000,
);

test('is told', () => {
  for (const row of table) print(`${row[0].padEnd(32)} tried ${row[1]}, refused ${row[2]}, leaked ${row[3]}`);
  const sums = [1, 2, 3].map((at) => table.reduce((sum, row) => sum + Number(row[at]), 0));
  print(`all: tried ${sums[0]}, refused ${sums[1]}, leaked ${sums[2]}`);
  expect(sums[1]).toBe(sums[0]);
});
