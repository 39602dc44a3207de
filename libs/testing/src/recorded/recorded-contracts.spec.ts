import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { allContracts, request, type RequestContract } from '@orgn/contracts';
import { z } from 'zod';
import { repository } from '../test-stack.ts';
import { incompatibilities, readRecorded, record, toRecorded } from './recorded-contracts.ts';

const folder = join(repository, 'libs/contracts/recorded');

describe('the contracts of now', () => {
  test('get along with those of the release before, in both directions; UPDATE_RECORDED=1 records a release', () => {
    if (process.env.UPDATE_RECORDED === '1') record(folder, allContracts);
    const now = new Map(allContracts.map((contract) => [contract.subject, toRecorded(contract)]));
    const released = readRecorded(folder);
    expect(released.length).toBeGreaterThan(20);
    expect(released.flatMap((one) => incompatibilities(one, now.get(one.subject)))).toEqual([]);
  });

  test('are read again as they were recorded', () => {
    const own = mkdtempSync(join(tmpdir(), 'orgn-recorded-'));
    record(own, allContracts);
    const bySubject = (one: { subject: string }, other: { subject: string }) => (one.subject < other.subject ? -1 : 1);
    expect(readRecorded(own).sort(bySubject)).toEqual(
      JSON.parse(JSON.stringify(allContracts.map(toRecorded).sort(bySubject))),
    );
    rmSync(own, { recursive: true });
  });
});

type Shapes = { request?: z.ZodType; reply?: z.ZodType } & Partial<Pick<RequestContract, 'maxBatch' | 'askedBy'>>;

const contract = ({ request: asked = z.object({}), reply = z.object({}), ...more }: Shapes) =>
  toRecorded(
    request('things.do', {
      askedBy: ['gateway', 'auth'],
      answeredBy: ['key-registry'],
      request: asked,
      reply,
      errors: [],
      timeoutMs: 1,
      ...more,
    }),
  );

/** What stands between a release with the one and a release with the other. */
const faults = (released: Shapes, now: Shapes) => incompatibilities(contract(released), contract(now));
const ofBoth = (released: z.ZodType, now: z.ZodType) => [
  faults({ request: released }, { request: now }).length > 0,
  faults({ reply: released }, { reply: now }).length > 0,
];

describe('services of two releases get along when', () => {
  test.each([
    ['nothing changed', z.object({ a: z.string() }), z.object({ a: z.string() })],
    ['a member came that may be absent', z.object({}), z.object({ a: z.string().optional() })],
    ['a member came that has a default', z.object({}), z.object({ a: z.string().default('x') })],
    ['a member that may be absent went', z.object({ a: z.string().optional() }), z.object({})],
    [
      'forms of a union came in another order',
      z.union([z.literal('a'), z.null()]),
      z.union([z.null(), z.literal('a')]),
    ],
  ])('%s', (_, released, now) => {
    expect(ofBoth(released, now)).toEqual([false, false]);
  });

  test('a reply has a value more where readers take what they do not know for something else', () => {
    const released = z.object({ state: z.enum(['up', 'unknown']).catch('unknown') });
    const now = z.object({ state: z.enum(['up', 'down', 'unknown']).catch('unknown') });
    expect(faults({ reply: released }, { reply: now })).toEqual([]);
  });
});

describe('services of two releases do not get along when', () => {
  test.each([
    ['a required member came', z.object({}), z.object({ a: z.string() })],
    ['a required member went', z.object({ a: z.string() }), z.object({})],
    ['a member was renamed', z.object({ a: z.string() }), z.object({ b: z.string() })],
    ['a member may be absent that was required', z.object({ a: z.string() }), z.object({ a: z.string().optional() })],
    ['a member may be null that could not', z.object({ a: z.string() }), z.object({ a: z.string().nullable() })],
    ['a member may not be null that could', z.object({ a: z.string().nullable() }), z.object({ a: z.string() })],
    ['a type changed', z.object({ a: z.string() }), z.object({ a: z.number() })],
    ['a number became whole', z.object({ a: z.number() }), z.object({ a: z.number().int() })],
    ['a value came', z.object({ a: z.enum(['x']) }), z.object({ a: z.enum(['x', 'y']) })],
    ['a value went', z.object({ a: z.enum(['x', 'y']) }), z.object({ a: z.enum(['x']) })],
    ['a text became a list of values', z.object({ a: z.string() }), z.object({ a: z.enum(['x']) })],
    ['a limit was lowered', z.object({ a: z.string().max(9) }), z.object({ a: z.string().max(8) })],
    ['a limit was raised', z.object({ a: z.array(z.string()).max(8) }), z.object({ a: z.array(z.string()).max(9) })],
    ['a lower limit came', z.object({ a: z.number() }), z.object({ a: z.number().min(0) })],
    ['a pattern changed', z.object({ a: z.string().regex(/^a/) }), z.object({ a: z.string().regex(/^b/) })],
    ['a form of a union came', z.union([z.literal('a'), z.null()]), z.union([z.literal('a'), z.null(), z.number()])],
    ['elements changed', z.array(z.object({ a: z.string() })), z.array(z.object({ a: z.number() }))],
    ['a place of a tuple changed', z.tuple([z.string(), z.number()]), z.tuple([z.string(), z.string()])],
    ['values of a record changed', z.record(z.string(), z.number()), z.record(z.string(), z.string())],
    ['names of a record were narrowed', z.record(z.string(), z.number()), z.record(z.string().regex(/^a/), z.number())],
    ['a member came to what is strict', z.strictObject({}), z.strictObject({ a: z.string().optional() })],
    [
      'what is deep inside changed',
      z.object({ a: z.array(z.object({ b: z.literal(1) })) }),
      z.object({ a: z.array(z.object({ b: z.literal(2) })) }),
    ],
  ])('%s', (_, released, now) => {
    expect(ofBoth(released, now)).toEqual([true, true]);
  });

  test('single messages became batches, somebody may no longer ask, or the subject is gone', () => {
    expect(faults({}, { maxBatch: 5 })).toEqual(['things.do: batches are a list, single messages are not']);
    expect(faults({}, { askedBy: ['auth'] })).toEqual(['things.do: gateway may no longer say it']);
    expect(incompatibilities(contract({}), undefined)).toEqual(['things.do: is gone']);
  });
});
