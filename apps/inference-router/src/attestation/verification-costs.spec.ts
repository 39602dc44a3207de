import { expect, test } from '@jest/globals';
import {
  developmentRoots,
  shownGpuChecks,
  verifySession,
  webCrypto,
  type Crypto,
  type SessionEvidence,
} from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import { Enclave, Intel, Nras, sessionEvidence } from '@orgn/evidence';
import { testPolicy } from '@orgn/receipts/testing';
import { withoutGpus } from './gpu-leases.ts';

const TIMES = process.env.TEST_LONG === '1' ? 25 : 3;
const GPUS = 8;

interface Cost {
  ms: number;
  cpu: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [started, before] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - started, cpu: (user + system) / 1_000 };
}

/** The first time, and the middle one of those after it, in words. */
async function told(work: () => Promise<unknown>): Promise<string> {
  const cold = await costOf(work);
  const warm: Cost[] = [];
  for (let at = 0; at < TIMES; at += 1) warm.push(await costOf(work));
  const { ms, cpu } = warm.toSorted((a, b) => a.ms - b.ms)[Math.floor(TIMES / 2)]!;
  return `cold ${cold.ms.toFixed(0)} ms (${cold.cpu.toFixed(0)} ms of CPU), then ${ms.toFixed(1)} ms (${cpu.toFixed(1)})`;
}

test('what verifying a machine of eight GPUs costs, in full, by a lease, and looking at its GPUs alone', async () => {
  const [intel, nras] = [new Intel({ now: Date.now }), new Nras(Date.now)];
  const enclave = new Enclave({ intel, name: 'a', model: 'a model', gpus: GPUS });
  const made = () => sessionEvidence({ intel, nras, enclave }, { algorithm: 'ed25519', tlsKey: 'a' });
  const [full, later] = [made(), made()];
  const gpus = { at: Date.now(), evidence: full };
  const leased: SessionEvidence = { ...later, report: withoutGpus(later.report) ?? '', nras: null, gpus };
  const given = (crypto: Crypto) => ({ policy: testPolicy, roots: developmentRoots, at: Date.now(), crypto });
  const verified = async (evidence: SessionEvidence, crypto: Crypto) =>
    expect((await verifySession(evidence, given(crypto))).verdict.status).toBe('verified');
  const lines = [
    ['in full, as the router does', () => verified(full, nodeCrypto)],
    ['by a lease, as the router does', () => verified(leased, nodeCrypto)],
    ['its GPUs alone, at each renewal', () => shownGpuChecks(later.report, later.nonce, given(nodeCrypto))],
    ['in full, as a browser does', () => verified(full, webCrypto)],
  ] as const;
  for (const [what, work] of lines) process.stdout.write(`${GPUS} GPUs, ${what}: ${await told(work)}\n`);
  const shown = await shownGpuChecks(later.report, later.nonce, given(nodeCrypto));
  expect(shown.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
});
