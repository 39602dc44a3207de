import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MeasurementView } from '@orgn/console-api';
import { refusedBy, type Fault } from '../../tools/evidence/src/faults.ts';
import { print } from './figures.ts';
import { eventually, Stack } from './stack.ts';
import { Visitor } from './visitor.ts';

const isLong = process.env.TEST_LONG === '1';
/** Prompts that are tried once an enclave was refused. */
const TRIES = 5;
const body = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const stack = new Stack();

beforeAll(() => {
  // Sessions count for three seconds, and NVIDIA's word for thirty: a fault is noticed by then.
  stack.env.ATTESTATION_MAX_AGE = '3';
  stack.env.OPERATORS = 'demo-owner';
  return stack.start();
});
afterAll(() => stack.remove());

interface Refusal {
  code?: string;
  checks?: { id: string; status: string }[];
}

interface Asked {
  status: number;
  /** `x-ollm-attestation`. */
  attestation: string | null;
  error: Refusal;
}

async function ask(): Promise<Asked> {
  const answer = await stack.chat(body);
  const { error = {} } = (await answer.json()) as { error?: Refusal };
  return { status: answer.status, attestation: answer.headers.get('x-ollm-attestation'), error };
}

const enclaveInStatus = async () => {
  const status = (await (await fetch(`${stack.file.api}/status`)).json()) as {
    attestation: { enclaves: Record<string, { status: string; failed: string[] }> };
  };
  return status.attestation.enclaves.near;
};

/** An operator sees the fault: where states are shown, and by the metric that the alarm watches. */
async function isTold(id: string): Promise<void> {
  const near = await enclaveInStatus();
  expect(near).toMatchObject({ status: 'failed' });
  expect(near?.failed).toContain(id);
  const pages = await Promise.all(stack.file.metrics.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
  const ends = pages.flatMap(
    (page) => /^orgn_attestation_session_expiry_seconds\{[^}]*"near"[^}]*\} (\S+)$/m.exec(page)?.[1] ?? [],
  );
  expect(Math.min(...ends.map(Number))).toBeLessThan(Date.now() / 1_000);
  const counted = new RegExp(`^orgn_attestation_failed_checks_total\\{[^}]*check="${id}"[^}]*\\} [1-9]`, 'm');
  expect(pages.filter((page) => counted.test(page))).not.toEqual([]);
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
    for (const { error, attestation } of refused) {
      expect(error.checks).toContainEqual({ id, status: 'fail' });
      expect(attestation).toBe('failed');
    }
    await eventually(() => isTold(id), 30_000);
  },
  200_000,
);

test('an enclave with new software is unknown and gets no prompt until an operator approves it in the console', async () => {
  await stack.control('near', {});
  await eventually(async () => expect((await ask()).status).toBe(200), 60_000);
  const operator = new Visitor(stack.file.console);
  await operator.signIn('owner@orgn.test');
  const waiting = async () => {
    const { body: all } = await operator.api<{ data: MeasurementView[] }>('GET', '/api/operator/measurements');
    return all.data.filter(({ provider, state }) => provider === 'near' && state === 'seen');
  };
  const approve = async (id?: string) =>
    (await operator.api<MeasurementView>('POST', `/api/operator/measurements/${id ?? ''}/approve`)).body.state;
  const [former] = await waiting();
  expect(await approve(former?.id)).toBe('approved');
  await stack.control('near', { attestation: 'new_software' });
  await eventually(async () => expect((await ask()).status).toBe(503), 60_000);
  const before = await prompts();
  const refusal = {
    status: 503,
    attestation: 'unknown',
    error: { checks: [{ id: 'measurements', status: 'unknown' }] },
  };
  for (let at = 0; at < TRIES; at += 1) expect(await ask()).toMatchObject(refusal);
  expect(await prompts()).toBe(before);
  table.push(['new_software', TRIES, TRIES, 0]);
  await eventually(async () =>
    expect(await enclaveInStatus()).toMatchObject({ status: 'unknown', failed: ['measurements'] }),
  );
  const [next] = await waiting();
  expect(next?.changes?.map(({ name }) => name)).toEqual(['composeHash', 'imageDigests']);
  expect(next?.composeChanges?.join('\n')).toMatch(/^- .*image: .*\n- .*image: .*\n\+ .*image: .*\n\+ .*image: /);
  expect(await approve(next?.id)).toBe('approved');
  await eventually(async () => expect(await ask()).toMatchObject({ status: 200, attestation: 'verified' }), 60_000);
}, 200_000);

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
