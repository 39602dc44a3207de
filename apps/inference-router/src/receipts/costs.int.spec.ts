import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { SignedAnswer } from '@orgn/attestation';
import type { RequestId } from '@orgn/contracts';
import { startService } from '@orgn/service-kit';
import { eventually, startRouterBench, type RouterBench, type TestService } from '@orgn/testing';
import { v7 as uuidv7 } from 'uuid';
import { AttestationGate } from '../attestation/attestation.gate.ts';
import { CatalogueService } from '../catalogue/catalogue.service.ts';
import { ExchangeWitness } from '../exchange/exchange-witness.ts';
import { HeldMemory } from '../exchange/held-memory.ts';
import { inferenceRouter } from '../service.ts';
import { ReceiptKeeper } from './receipt-keeper.ts';
import { ReceiptWriter } from './receipt-writer.ts';
import { ReceiptsService } from './receipts.service.ts';
import { SignatureClient } from './signature.client.ts';

const TIMES = process.env.TEST_LONG === '1' ? 2_000 : 20;
const models = readFileSync(new URL('../../../../models.yaml', import.meta.url), 'utf8');
const chat = (model: string) => ({
  model,
  messages: [{ role: 'user', content: 'How wide is the Ä river? '.repeat(20) }],
});

let bench: RouterBench;
let service: TestService;
beforeAll(async () => {
  const start = async (environment: Record<string, string>) => {
    service = await startService(inferenceRouter, environment);
    return service;
  };
  const more = { RECEIPT_KEYS: `s1:${Buffer.alloc(32, 7).toString('base64url')}` };
  bench = await startRouterBench({ start, models, isAttested: true, more }, uuidv7);
});
afterAll(() => bench.stop());

/** CPU of this process for one turn of some work, in microseconds, after it is warm. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  for (let at = 0; at < TIMES / 10; at += 1) await work();
  const before = process.cpuUsage();
  for (let at = 0; at < TIMES; at += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / TIMES;
}

const answer = async (model: string) => {
  const response = await bench.ask('/chat/completions', chat(model));
  expect(response.status).toBe(200);
  await response.text();
};

interface Seen {
  witness: ExchangeWitness;
  wire: Buffer[];
  shown: Buffer[];
}

/** Asks once, and keeps what its witness sees. */
async function seenOf(model: string): Promise<Seen> {
  const receipts = service.app.get(ReceiptsService);
  const [make, take] = [receipts.witness.bind(receipts), receipts.take.bind(receipts)];
  const seen: Partial<Seen> = {};
  receipts.witness = (...given) => {
    const witness = make(...given);
    const [wire, shown]: [Buffer[], Buffer[]] = [[], []];
    if (witness) Object.assign(seen, { witness, wire, shown });
    return witness;
  };
  receipts.take = (witness) => {
    const [wire, shown] = [keptOf(witness.wire), keptOf(witness.shown)];
    Object.assign(seen, { wire, shown });
    return take(witness);
  };
  await answer(model);
  await eventually(() => expect(seen.wire?.length).toBeGreaterThan(0));
  Object.assign(receipts, { witness: make, take });
  return seen as Seen;
}

/** What an answer's bytes were, read before its receipt lets them go. */
function keptOf(passing: ExchangeWitness['wire']): Buffer[] {
  const { head } = passing.end();
  passing.end = () => ({ digest: null, head, bytes: null });
  return [head];
}

/** What the enclave signed of the answer, as its receipt has it. */
async function signatureOf({ requestId }: ExchangeWitness): Promise<SignedAnswer> {
  const { shelf } = service.app.get(ReceiptKeeper);
  const found = () => shelf.get(requestId)?.receipt.orgn.provider_signature;
  await eventually(() => expect(found()).toBeTruthy());
  return found()!;
}

test('a receipt, and what proves a warm request, cost little beside the request itself', async () => {
  const app = service.app;
  const model = app.get(CatalogueService).find('near_qwen3_30b')!;
  const { witness, wire, shown } = await seenOf('near_qwen3_30b');
  const whole = { tee: await cpuOf(() => answer('near_qwen3_30b')), zdr: await cpuOf(() => answer('vercel_gpt_4o')) };
  const gate = await cpuOf(async () => (await app.get(AttestationGate).admit(model))?.lease?.release());
  const body = [Buffer.from(JSON.stringify(chat('near_qwen3_30b')))];
  const renewed = () => {
    const order = { requestId: uuidv7() as RequestId, body, received: undefined };
    const one = new ExchangeWitness(order, witness.endpoint, false, app.get(HeldMemory).lease());
    one.asks(witness.target!, { pieces: body, splices: witness.splices } as never, witness.attestation);
    for (const bytes of wire) one.wire.take(bytes);
    for (const bytes of shown) one.shown.take(bytes);
    one.ended(true);
    return one;
  };
  const hashes = await cpuOf(async () => {
    const one = renewed();
    await Promise.all([one.received, one.forwarded]);
    one.release();
  });
  const signed = await signatureOf(witness);
  app.get(SignatureClient).signatureOf = () => Promise.resolve(signed);
  const writer = app.get(ReceiptWriter);
  const receipt = (await cpuOf(() => writer.write(renewed()))) - hashes;
  const share = (100 * (gate + hashes)) / whole.zdr;
  process.stdout.write(
    `CPU of an answer, test and channel included: TEE ${whole.tee.toFixed(0)} us (with its TLS and its receipt), ZDR ${whole.zdr.toFixed(0)} us\n` +
      `gate and pin ${gate.toFixed(1)} us, hashes ${hashes.toFixed(1)} us: ${share.toFixed(1)} % of a ZDR answer; receipt ${receipt.toFixed(0)} us\n`,
  );
  expect(await writer.write(renewed())).toMatchObject({ orgn: { channel: expect.stringMatching(/_attested$/) } });
}, 300_000);
