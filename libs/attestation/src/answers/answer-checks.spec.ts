import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { AnswerKeys, type SigningAlgorithm } from '@orgn/evidence';
import * as fc from 'fast-check';
import type { SignedAnswer } from '../evidence/evidence.ts';
import type { SigningKey } from '../evidence/facts.ts';
import { nodeCrypto } from '../node.ts';
import { answerChecks, type Exchange } from './answer-checks.ts';

const keys = new AnswerKeys();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const exchange: Exchange = { requestHash: sha256('asked'), responseHash: sha256('answered'), model: 'maker/a:b' };
const textOf = ({ requestHash, responseHash, model }: Exchange) => `${model ?? ''}:${requestHash}:${responseHash}`;
const signed = (algorithm: SigningAlgorithm, text = textOf(exchange), by = keys): SignedAnswer => ({
  text,
  signature: by.sign(algorithm, text),
  signing_address: by.address(algorithm),
  signing_algo: algorithm,
});
const attested = (algorithm: SigningAlgorithm, hasKey = true, of = keys): SigningKey => ({
  algorithm,
  address: of.addressBytes(algorithm).toString('hex'),
  publicKey: hasKey ? of.publicKey(algorithm) : null,
});
const statuses = async (answer: SignedAnswer | null, signers: SigningKey[], of = exchange) =>
  Object.fromEntries((await answerChecks(answer, of, signers, nodeCrypto)).map(({ id, status }) => [id, status]));
const all = [
  'signature_present',
  'response_signature',
  'signer_attested',
  'request_hash',
  'response_hash',
  'signed_model',
];
const passing = Object.fromEntries(all.map((id) => [id, 'pass']));

describe.each(['ecdsa', 'ed25519'] as const)('an answer signed with %s', (algorithm) => {
  test('by the key of the quote passes, with the public key or by its address alone', async () => {
    expect(await statuses(signed(algorithm), [attested(algorithm)])).toEqual(passing);
    expect(await statuses(signed(algorithm), [attested(algorithm, false)])).toEqual(passing);
  });

  test('by another key is signed by a stranger', async () => {
    const other = new AnswerKeys();
    expect(await statuses(signed(algorithm, undefined, other), [attested(algorithm)])).toEqual({
      ...passing,
      signer_attested: 'fail',
    });
    const lie = { ...signed(algorithm, undefined, other), signing_address: keys.address(algorithm) };
    expect(await statuses(lie, [attested(algorithm)])).toEqual({ ...passing, response_signature: 'fail' });
  });

  test('about other bytes, or of another model, fails by that', async () => {
    const other = signed(algorithm, textOf({ ...exchange, responseHash: sha256('else') }));
    expect(await statuses(other, [attested(algorithm)])).toEqual({ ...passing, response_hash: 'fail' });
    const request = signed(algorithm, textOf({ ...exchange, requestHash: sha256('else') }));
    expect(await statuses(request, [attested(algorithm)])).toEqual({ ...passing, request_hash: 'fail' });
    const model = signed(algorithm, textOf({ ...exchange, model: 'maker/b' }));
    expect(await statuses(model, [attested(algorithm)])).toEqual({ ...passing, signed_model: 'fail' });
  });

  test('in the form of two parts says nothing of the model', async () => {
    const two = signed(algorithm, `${exchange.requestHash}:${exchange.responseHash}`);
    expect(await statuses(two, [attested(algorithm)])).toEqual({ ...passing, signed_model: 'unknown' });
  });

  test('with any bit of the signature turned is not good', async () => {
    const good = signed(algorithm);
    const digits = good.signature.replace('0x', '');
    await fc.assert(
      fc.asyncProperty(fc.nat(64 * 8 - 1), async (bit) => {
        const bytes = Buffer.from(digits, 'hex');
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const spoilt = { ...good, signature: bytes.toString('hex') };
        expect((await statuses(spoilt, [attested(algorithm)])).response_signature).toBe('fail');
      }),
      { numRuns: 40 },
    );
  });
});

test('an answer that nobody signed leaves all unknown', async () => {
  expect(Object.values(await statuses(null, []))).toEqual(all.map(() => 'unknown'));
});

test('a signature that cannot be read throws nothing', async () => {
  const odd = fc.record({
    text: fc.string(),
    signature: fc.string(),
    signing_address: fc.string(),
    signing_algo: fc.string(),
  });
  await fc.assert(
    fc.asyncProperty(odd, async (answer) => {
      expect((await statuses(answer, [attested('ecdsa')])).signer_attested).not.toBe('pass');
    }),
  );
});
