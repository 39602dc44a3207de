import { verify, createPublicKey } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { developmentRoots, faultNames } from '@orgn/evidence';
import qvl from '@phala/dcap-qvl';
import { makeChat } from '../testing/running-simulator.ts';
import { sha256, startSecure, type SecureAnswer } from '../testing/secure-client.ts';

let simulator: Awaited<ReturnType<typeof startSecure>>;
beforeEach(async () => (simulator = await startSecure()));
afterEach(() => simulator.stop());

const nonce = '0123456789abcdef'.repeat(4);
const reportPath = (provider: string, more = '') =>
  `/${provider}/v1/attestation/report?nonce=${nonce}&include_tls_fingerprint=true${more}`;
interface Report {
  intel_quote: string;
  signing_address: string;
  tls_cert_fingerprint: string;
  nvidia_payload: string;
  info: { instance_id: string };
  attestation_type?: string;
}
const reportOf = ({ body }: SecureAnswer) => JSON.parse(body.toString()) as Report;
const boundTo = (address: string, tls: string) => sha256(Buffer.from(address.replace(/^0x/, '') + tls, 'hex')) + nonce;
const reportData = ({ intel_quote: quote }: Report) => quote.slice((48 + 520) * 2, (48 + 584) * 2);

describe('a confidential machine', () => {
  test.each(['near', 'phala'] as const)('%s names its signer, its TLS key and the nonce in its quote', async (name) => {
    const answer = await simulator.ask(name, reportPath(name));
    const report = reportOf(answer);
    expect(report.tls_cert_fingerprint).toBe(answer.spkiSha256);
    expect(reportData(report)).toBe(boundTo(report.signing_address, answer.spkiSha256));
  });

  test.each(['?nonce=ab', `?nonce=${nonce}&signing_algo=rsa`])('refuses the report %s', async (query) => {
    expect((await simulator.ask('near', `/near/v1/attestation/report${query}`)).status).toBe(400);
  });

  test.each([true, false])('signs the exact bytes of an answer (stream: %s)', async (stream) => {
    const request = JSON.stringify(makeChat({ stream }));
    const { body } = await simulator.ask('near', '/near/v1/chat/completions', { body: request });
    const id = /"id":"(chatcmpl-[^"]+)"/.exec(body.toString())![1]!;
    const { body: signed } = await simulator.ask('near', `/near/v1/signature/${id}?signing_algo=ed25519`);
    const said = JSON.parse(signed.toString()) as { text: string; signature: string; signing_address: string };
    expect(said.text).toBe(`a/model:${sha256(request)}:${sha256(body)}`);
    const x = Buffer.from(said.signing_address, 'hex').toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    expect(verify(null, Buffer.from(said.text), key, Buffer.from(said.signature, 'hex'))).toBe(true);
    expect(reportOf(await simulator.ask('near', reportPath('near', '&signing_algo=ed25519'))).signing_address).toBe(
      said.signing_address,
    );
  });

  test('of phala signs two hashes, and the request as whoever asked says it was', async () => {
    const request = JSON.stringify(makeChat());
    const said = async (headers: object) => {
      const { body } = await simulator.ask('phala', '/phala/v1/chat/completions', { body: request, headers });
      const { id } = JSON.parse(body.toString()) as { id: string };
      const signed = await simulator.ask('phala', `/phala/v1/signature/${id}`);
      return { text: (JSON.parse(signed.body.toString()) as { text: string }).text, response: sha256(body) };
    };
    const plain = await said({});
    expect(plain.text).toBe(`${sha256(request)}:${plain.response}`);
    const foreign = await said({ 'x-request-hash': 'abc' });
    expect(foreign.text).toBe(`abc:${foreign.response}`);
  });

  test('has no signature of an answer that its client left', async () => {
    await simulator.put('near', { cutAfterChunks: 1 });
    const asked = simulator.ask('near', '/near/v1/chat/completions', {
      body: JSON.stringify(makeChat({ stream: true })),
    });
    await expect(asked).rejects.toThrow();
    expect((await simulator.ask('near', '/near/v1/signature/chatcmpl-1')).status).toBe(404);
  });
});

describe('the makers', () => {
  test('say what a quote is checked by, and NVIDIA what it thinks of the GPUs', async () => {
    const report = reportOf(await simulator.ask('phala', reportPath('phala')));
    const get = (path: string) => simulator.ask('makers', path);
    const [tcb, qe, crl, root] = await Promise.all([
      get('/tdx/certification/v4/tcb?fmspc=B0C06F000000'),
      get('/tdx/certification/v4/qe/identity'),
      get('/sgx/certification/v4/pckcrl?ca=platform&encoding=der'),
      get('/IntelSGXRootCA.der'),
    ]);
    const split = ({ body }: SecureAnswer) => /^\{"\w+":(.*),"signature":"(\w+)"\}$/s.exec(body.toString())!;
    const chain = (answer: SecureAnswer, header: string) => decodeURIComponent(answer.headers[header] as string);
    const collateral = {
      tcb_info: split(tcb)[1]!,
      tcb_info_signature: split(tcb)[2]!,
      tcb_info_issuer_chain: chain(tcb, 'tcb-info-issuer-chain'),
      qe_identity: split(qe)[1]!,
      qe_identity_signature: split(qe)[2]!,
      qe_identity_issuer_chain: chain(qe, 'sgx-enclave-identity-issuer-chain'),
      pck_crl: crl.body.toString('hex'),
      pck_crl_issuer_chain: chain(crl, 'sgx-pck-crl-issuer-chain'),
      root_ca_crl: root.body.toString('hex'),
    };
    const verifier = qvl.QuoteVerifier.newWithRootCa(Buffer.from(developmentRoots.intel, 'base64'));
    expect(verifier.verify(Buffer.from(report.intel_quote, 'hex'), collateral, Date.now() / 1_000).status).toBe(
      'UpToDate',
    );
    const { body } = await simulator.ask('makers', '/v3/attest/gpu', { body: report.nvidia_payload });
    const [[, token], devices] = JSON.parse(body.toString()) as [[string, string], object];
    expect(Object.keys(devices)).toEqual(['GPU-0', 'GPU-1']);
    const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as object;
    expect(claims).toMatchObject({ 'x-nvidia-overall-att-result': true, eat_nonce: nonce });
    expect(JSON.parse((await get('/.well-known/jwks.json')).body.toString())).toMatchObject({
      keys: [{ crv: 'P-384' }],
    });
  });

  test('know no other machine', async () => {
    expect((await simulator.ask('makers', '/tdx/certification/v4/tcb?fmspc=000000000000')).status).toBe(404);
  });
});

describe('a fault', () => {
  test.each([...faultNames])(
    '%s is taken by its name, and no report of it counts as a request',
    async (attestation) => {
      expect(await simulator.put('near', { attestation })).toBe(200);
      expect((await simulator.ask('near', reportPath('near'))).status).toBe(200);
      expect(await simulator.received('near')).toMatchObject({ requests: 0, lastBodiesSha256: [] });
    },
  );

  test('that nobody knows is refused', async () => {
    expect(await simulator.put('near', { attestation: 'constructor' })).toBe(400);
  });

  test('of one provider is none of another', async () => {
    await simulator.put('near', { attestation: 'tcb_revoked' });
    const tcb = async (fmspc: string) =>
      (await simulator.ask('makers', `/tdx/certification/v4/tcb?fmspc=${fmspc}`)).body.includes('"Revoked"');
    expect([await tcb('90c06f000000'), await tcb('b0c06f000000')]).toEqual([true, false]);
  });

  test('swapped_tls_key shows another key to new connections than the quote names', async () => {
    const before = await simulator.ask('near', reportPath('near'));
    await simulator.put('near', { attestation: 'swapped_tls_key' });
    const after = await simulator.ask('near', reportPath('near'));
    expect(after.spkiSha256).not.toBe(before.spkiSha256);
    expect(reportOf(after).tls_cert_fingerprint).toBe(before.spkiSha256);
    await simulator.put('near', {});
    expect((await simulator.ask('near', reportPath('near'))).spkiSha256).toBe(before.spkiSha256);
  });

  test('second_instance_behind_the_same_key answers every other connection from elsewhere', async () => {
    await simulator.put('near', { attestation: 'second_instance_behind_the_same_key' });
    const on = async (agent = simulator.agent()) => {
      const seen: SecureAnswer[] = [];
      for (let time = 0; time < 2; time += 1) seen.push(await simulator.ask('near', reportPath('near'), { agent }));
      expect(new Set(seen.map((one) => reportOf(one).info.instance_id)).size).toBe(1);
      return seen[0]!;
    };
    const [first, second] = [await on(), await on()];
    expect(first.spkiSha256).toBe(second.spkiSha256);
    expect(reportOf(first).info.instance_id).not.toBe(reportOf(second).info.instance_id);
    expect(reportOf(first).signing_address).not.toBe(reportOf(second).signing_address);
  });

  test.each([
    ['signature_missing', 404, ''],
    ['signature_late', 404, ''],
    ['signature_for_other_bytes', 200, 'other'],
    ['tcb_revoked', 200, 'same'],
  ])('%s: signature %d %s', async (attestation, status, bytes) => {
    await simulator.put('near', { attestation });
    const { body } = await simulator.ask('near', '/near/v1/chat/completions', { body: JSON.stringify(makeChat()) });
    const signed = await simulator.ask(
      'near',
      `/near/v1/signature/${(JSON.parse(body.toString()) as { id: string }).id}`,
    );
    expect(signed.status).toBe(status);
    if (status === 200) expect(signed.body.includes(sha256(body)) ? 'same' : 'other').toBe(bytes);
  });
});
