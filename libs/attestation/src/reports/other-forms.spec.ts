import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { gpuPayload, makeCertificate, nearReport, SigningKey } from '@orgn/evidence';
import type { CheckId } from '../checks/check-ids.ts';
import type { SessionEvidence } from '../evidence/evidence.ts';
import { verifySession } from '../session/verify-session.ts';
import { at, enclave, evidenceOf, given, statusOf } from '../testing/made-sessions.ts';

const sha256 = (...parts: (Buffer | string)[]) =>
  createHash('sha256')
    .update(Buffer.concat(parts.map((part) => Buffer.from(part))))
    .digest();
const base = evidenceOf();
const nonce = Buffer.from(base.nonce, 'hex');
const verify = (report: object, changes: Partial<SessionEvidence> = {}, forms = given.policy.forms) =>
  verifySession(
    { ...base, report: JSON.stringify(report), ...changes },
    { ...given, policy: { ...given.policy, forms } },
  );
const expectStatus = async (session: ReturnType<typeof verify>, statuses: Partial<Record<CheckId, string>>) => {
  const found = await session;
  for (const [id, status] of Object.entries(statuses))
    expect([id, statusOf(found, id as CheckId)]).toEqual([id, status]);
};
const quoteOf = (first: Buffer, rest = Buffer.alloc(32)) => enclave.quote(Buffer.concat([first, rest]));
const payload = gpuPayload(enclave, nonce);

describe("a gateway's report", () => {
  const tls = SigningKey.generate('P-256');
  const spki = sha256(tls.spki).toString('hex');
  const issuer = { name: { commonName: 'localhost' }, key: tls };
  const dates = { from: new Date(at - 1000), until: new Date(at + 1000), extensions: [] };
  const { pem } = makeCertificate({ name: issuer.name, spki: tls.spki, issuer, isAuthority: false, ...dates });
  const machine = (tlsSpkiSha256?: string) =>
    nearReport(enclave, {
      nonce: base.nonce,
      algorithm: 'ecdsa',
      ...(tlsSpkiSha256 ? { tlsSpkiSha256 } : {}),
    }) as Record<string, unknown>;
  const { nvidia_payload: _gpus, event_log: log, info, ...gateway } = machine(spki);
  const wrapped = {
    ...gateway,
    event_log: JSON.stringify(log),
    info: { ...(info as object), tcb_info: JSON.stringify((info as { tcb_info: object }).tcb_info) },
  };
  const report = { gateway_attestation: wrapped, model_attestations: [machine()], tls_certificate: pem };
  const peerSpki = tls.spki.toString('base64');

  test('is verified when the gateway and each model behind it are', async () => {
    const session = await verify(report, { peerSpki });
    expect(session.verdict).toMatchObject({ status: 'verified' });
    expect(session.facts).toMatchObject({ form: 'gateway', tlsSpkiSha256: spki });
    expect(session.facts.signers).toHaveLength(2);
  });

  test('is refused for any of its machines', async () => {
    const other = nearReport(enclave, { nonce: randomBytes(32).toString('hex'), algorithm: 'ecdsa' });
    await expectStatus(verify({ ...report, model_attestations: [machine(), other] }, { peerSpki }), {
      nonce_bound: 'fail',
    });
    await expectStatus(verify({ ...report, model_attestations: [] }, { peerSpki }), {});
    expect((await verify({ ...report, model_attestations: [] }, { peerSpki })).verdict.status).not.toBe('verified');
  });

  test('whose certificate has another key is refused', async () => {
    const strange = { name: issuer.name, key: SigningKey.generate('P-256') };
    const made = makeCertificate({
      name: issuer.name,
      spki: strange.key.spki,
      issuer: strange,
      isAuthority: false,
      ...dates,
    });
    await expectStatus(verify({ ...report, tls_certificate: made.pem }, { peerSpki }), { tls_bound: 'fail' });
  });
});

describe('a report of Tinfoil', () => {
  const gpu = { evidences: payload.evidence_list.map((one) => ({ ...one, nonce: base.nonce })) };
  const peer = Buffer.from(base.peerSpki, 'base64');
  const [fingerprint, hpke, hash] = [sha256(peer), randomBytes(32), sha256(JSON.stringify(gpu))];
  const data = {
    tls_key_fp: fingerprint.toString('hex'),
    hpke_key: hpke.toString('hex'),
    nonce: base.nonce,
    gpu_evidence_hash: hash.toString('hex'),
  };
  const quote = quoteOf(sha256(fingerprint, hpke, nonce, hash)).toString('base64');
  const report = { format: 'v3', report_data: data, cpu: { platform: 'tdx', report: quote }, gpu };

  test('binds TLS key, nonce and the evidence of GPUs, and signs no answers', async () => {
    const good: Partial<Record<CheckId, string>> = {
      ...{ report_form: 'pass', quote_signature: 'pass', nonce_bound: 'pass', tls_bound: 'pass', tls_spki: 'pass' },
      ...{ gpu_evidence: 'pass', gpu_nonce: 'pass', gpu_count: 'pass', nras_claims: 'pass' },
      signer_bound: 'unknown',
    };
    await expectStatus(verify(report, {}, ['tinfoil']), good);
  });

  test('with other evidence than the quote names is refused', async () => {
    const other = { evidences: [...gpu.evidences, gpu.evidences[0]] };
    await expectStatus(verify({ ...report, gpu: other }, {}, ['tinfoil']), { nonce_bound: 'fail', gpu_count: 'fail' });
    const lie = { ...data, hpke_key: randomBytes(32).toString('hex') };
    await expectStatus(verify({ ...report, report_data: lie }, {}, ['tinfoil']), { tls_bound: 'fail' });
  });
});

describe('a report of Chutes', () => {
  const key = randomBytes(64).toString('base64');
  const bound = sha256(base.nonce, key);
  const instance = {
    nonce: base.nonce,
    e2e_pubkey: key,
    intel_quote: quoteOf(bound).toString('base64'),
    gpu_evidence: gpuPayload(enclave, bound).evidence_list,
  };

  test('about our nonce binds its GPUs to the quote, and still names no key that we could hold it to', async () => {
    const report = { attestation_type: 'chutes', nonce: base.nonce, all_attestations: [instance] };
    await expectStatus(verify(report), {
      ...{ report_form: 'fail', nonce_bound: 'pass', gpu_evidence: 'pass', gpu_nonce: 'pass' },
      ...{ signer_bound: 'unknown', tls_bound: 'unknown' },
    });
    await expectStatus(verify(instance), { report_form: 'fail', nonce_bound: 'pass' });
  });

  test('about a nonce of its own is refused', async () => {
    const other = { ...instance, nonce: randomBytes(32).toString('hex') };
    await expectStatus(verify(other), { nonce_bound: 'fail' });
  });
});

test('a bare quote of dstack proves what was measured, and nothing of whom it is for', async () => {
  const { event_log: log, info } = JSON.parse(base.report) as { event_log: object; info: object };
  const quote = quoteOf(randomBytes(32)).toString('hex');
  const proven = { event_log_replay: 'pass', events_unique: 'pass', compose_hash: 'pass' } as const;
  const open = { nonce_bound: 'unknown', signer_bound: 'unknown' } as const;
  await expectStatus(verify({ quote: { quote, event_log: JSON.stringify(log) }, info }), { ...proven, ...open });
  await expectStatus(verify({ quote, event_log: log }), { ...proven, ...open, compose_hash: 'unknown' });
  const { nonce_bound } = { nonce_bound: 'pass' } as const;
  await expectStatus(verify({ quote: quoteOf(nonce).toString('hex') }), { nonce_bound });
});
