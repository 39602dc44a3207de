import { beforeAll, describe, expect, test } from '@jest/globals';
import { canonicalJson, developmentRoots, productionRoots } from '@orgn/attestation';
import { nodeCrypto } from '@orgn/attestation/node';
import {
  madeRequest,
  madeResponse,
  makeBundle,
  makeSigner,
  testPolicy,
  type MadeBundle,
} from '../testing/make-bundle.ts';
import type { UnsignedReceipt } from '../form/receipt.ts';
import { defaultDemands } from './default-demands.ts';
import { readDemands } from './demands.ts';
import type { ReceiptQuestion } from './question.ts';
import { verifyBundle, type VerifiedReceipt } from './verify-bundle.ts';

let made: MadeBundle;
beforeAll(async () => (made = await makeBundle()));

const question = (more: Partial<ReceiptQuestion> = {}): ReceiptQuestion => ({
  keys: made.keys,
  roots: developmentRoots,
  policy: defaultDemands,
  request: madeRequest,
  response: madeResponse,
  crypto: nodeCrypto,
  ...more,
});
const statuses = ({ receiptChecks }: VerifiedReceipt) =>
  Object.fromEntries(receiptChecks.map(({ id, status }) => [id, status]));
const failed = ({ receiptChecks }: VerifiedReceipt) =>
  receiptChecks.filter(({ status }) => status === 'fail').map(({ id }) => id);
const orgn = (change: Partial<UnsignedReceipt['orgn']>) => (receipt: UnsignedReceipt) => ({
  ...receipt,
  orgn: { ...receipt.orgn, ...change },
});

describe('a receipt', () => {
  test('verifies by what the verifier brings along, from the bytes of the caller to the root', async () => {
    const verified = await verifyBundle(made.text, question());
    expect(verified.receiptChecks.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(verified.outcome).toBe('good');
    expect(verified.facts).toMatchObject({ developmentRoot: true });
  });

  test('says the same with any white space between its parts', async () => {
    const spaced = JSON.stringify(JSON.parse(made.text), null, 2);
    expect((await verifyBundle(spaced, question())).outcome).toBe('good');
  });

  test('is unknown without keys, never good', async () => {
    const verified = await verifyBundle(made.text, question({ keys: null }));
    expect(verified.outcome).toBe('unknown');
    expect(statuses(verified)).toMatchObject({ receipt_signature: 'unknown', log_inclusion: 'unknown' });
  });

  test('is bad by other keys, by roots of production, and by a stricter policy', async () => {
    expect(failed(await verifyBundle(made.text, question({ keys: makeSigner('r1').keys })))).toEqual([
      'receipt_signature',
    ]);
    expect(failed(await verifyBundle(made.text, question({ keys: makeSigner('r2').keys })))).toEqual([
      'receipt_signature',
    ]);
    expect((await verifyBundle(made.text, question({ roots: productionRoots }))).outcome).toBe('bad');
    const more = { ...testPolicy, gpus: { minimum: 8, exactly: null } };
    expect(failed(await verifyBundle(made.text, question({ policy: more })))).toEqual(['receipt_session']);
    const open = { ...testPolicy, require: [...testPolicy.require, 'measurements' as const] };
    expect((await verifyBundle(made.text, question({ policy: open }))).outcome).toBe('unknown');
  });

  test('is good without the bytes, and while the log has not got it yet', async () => {
    const pending = await makeBundle({ isLogged: false });
    const verified = await verifyBundle(pending.text, question({ keys: pending.keys, request: null, response: null }));
    expect(verified.outcome).toBe('good');
    expect(statuses(verified)).toMatchObject({ request_bytes: 'unknown', log_inclusion: 'unknown' });
  });

  test('is not good while the log lacks it where the log is demanded, or where there is none of it', async () => {
    const pending = await makeBundle({ isLogged: false });
    const demands = readDemands(JSON.stringify({ ...testPolicy, require: [...testPolicy.require, 'log_inclusion'] }));
    expect((await verifyBundle(pending.text, question({ keys: pending.keys, ...demands }))).outcome).toBe('unknown');
    expect((await verifyBundle(made.text, question(demands))).outcome).toBe('good');
    const standing = { format: 'orgn-receipt-status/1', status: 'unavailable', orgn: { reason: 'lost' } };
    const lost = JSON.stringify({ ...standing, receipt_id: made.bundle.receipt.receipt_id });
    expect((await verifyBundle(lost, question())).outcome).toBe('unknown');
  });

  test('is judged by what is demanded of its answer, its connection and its time, too', async () => {
    const by = async (bundle: MadeBundle, ...require: string[]) => {
      const demands = readDemands(JSON.stringify({ ...testPolicy, require: [...testPolicy.require, ...require] }));
      return (await verifyBundle(bundle.text, question({ keys: bundle.keys, ...demands }))).outcome;
    };
    expect(await by(made, 'response_hash', 'signed_model', 'session_bracket', 'key_attested')).toBe('good');
    expect(await by(made, 'instance_attested')).toBe('unknown');
    const instance = await makeBundle({ change: orgn({ channel: 'instance_attested' }) });
    expect(await by(instance, 'instance_attested')).toBe('good');
    const { received } = made.bundle.receipt.orgn.times;
    const changes = [
      orgn({ spki_sha256: 'ab'.repeat(32) }),
      orgn({ times: { received: received + 3_600_001, answered: received + 3_600_005, issued: received + 3_600_009 } }),
      orgn({ times: { received: received - 10, answered: received - 5, issued: received } }),
    ];
    for (const change of changes)
      expect(await by(await makeBundle({ change }), 'key_attested', 'session_fresh')).toBe('bad');
  });

  test('may come without what followed, and not with what followed another one', async () => {
    const { after, ...others } = made.bundle;
    const { [after!.session.evidence]: later, ...evidence } = others.evidence;
    const alone = canonicalJson({ ...others, evidence });
    expect(statuses(await verifyBundle(alone, question()))).toMatchObject({ session_after: 'unknown' });
    const foreign = await makeBundle();
    const mixed = canonicalJson({
      ...others,
      after: foreign.bundle.after,
      evidence: { ...evidence, [foreign.bundle.after!.session.evidence]: later! },
    });
    expect((await verifyBundle(mixed, question())).outcome).toBe('bad');
  });

  test.each(['request', 'response'] as const)('is bad with another %s: each byte counts', async (side) => {
    const bytes = side === 'request' ? madeRequest : madeResponse;
    for (let at = 0; at < bytes.length; at += 7) {
      const other = Buffer.from(bytes);
      other[at]! ^= 1;
      expect(failed(await verifyBundle(made.text, question({ [side]: other })))).toContain(`${side}_bytes`);
    }
  });

  test.each(['wrong_nonce', 'debug_td', 'foreign_signer', 'unsigned_crl'] as const)(
    'that a gateway signed over %s is bad, whatever it says of itself',
    async (fault) => {
      const lie = await makeBundle({ fault });
      const verified = await verifyBundle(lie.text, question({ keys: lie.keys }));
      expect(verified.outcome).toBe('bad');
      expect(failed(verified)).toContain('receipt_session');
    },
  );

  test('may not say more of itself than its evidence does', async () => {
    const lies: [string, (receipt: UnsignedReceipt) => UnsignedReceipt][] = [
      ['receipt_status', orgn({ provider_signature: null })],
      ['receipt_status', orgn({ answer: 'partial' })],
      ['receipt_status', orgn({ execution: 'zdr' })],
      [
        'receipt_reproduced',
        orgn({ checks: [{ id: 'request_hash', status: 'fail', source: 'hardware_proven', detail: '' }] }),
      ],
      ['receipt_policy', (receipt) => orgn({ policy: { ...receipt.orgn.policy!, minimumTcbEvaluation: 1 } })(receipt)],
      ['request_replayed', orgn({ request_edits: [] })],
      ['response_replayed', orgn({ response_edits: [{ at: 0, cut: 'x', put: '{' }] })],
    ];
    for (const [id, change] of lies) {
      const lie = await makeBundle({ change });
      const verified = await verifyBundle(lie.text, question({ keys: lie.keys }));
      expect([id, verified.outcome, failed(verified).includes(id as never)]).toEqual([id, 'bad', true]);
    }
  });

  test('with one byte changed anywhere is bad', async () => {
    const places = everyToken(made.text);
    const survived: string[] = [];
    for (const at of places) {
      const bytes = Buffer.from(made.text);
      bytes[at]! ^= 1;
      const verified = await verifyBundle(bytes.toString(), question());
      if (verified.outcome !== 'bad') survived.push(made.text.slice(Math.max(0, at - 40), at + 10));
    }
    process.stdout.write(`receipts: ${places.length} bytes changed, ${places.length - survived.length} caught\n`);
    expect(survived).toEqual([]);
  }, 1_200_000);

  test.each(['', '{', '[]', 'null', '{"a":1,"a":2}', '['.repeat(10_000), '{"format":"orgn-receipt-bundle/1"}'])(
    'is not what says %#',
    async (text) => {
      expect(failed(await verifyBundle(text, question()))).toEqual(['receipt_form']);
    },
  );
});

/** A byte of each name, value and sign: three of long ones. */
function everyToken(text: string): number[] {
  const places: number[] = [];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.){0,500}|[-\d.a-z]+|[^\s"]/g)) {
    const start = Buffer.byteLength(text.slice(0, index));
    const length = Buffer.byteLength(token);
    places.push(...new Set([start, start + (length >> 1), start + length - 1]));
  }
  return process.env.TEST_LONG === '1' ? places : places.filter((_, at) => at % 150 === 0);
}
