import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { consoleRoutes, type ConsoleRoute } from '@orgn/console-api';
import fc from 'fast-check';
import type { z } from 'zod';
import { Metering } from '../testing/metering.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

const isLong = process.env.TEST_LONG === '1';
const INPUTS = isLong ? 10_000 : 500;
const AT_ONCE = 10;

let host: TeamHost;
let metering: Metering;
let team: TestTeam;
let key: string;

beforeAll(async () => {
  host = await TeamHost.start();
  host.playRouters();
  metering = await Metering.beside(host.auth);
  await renew();
});

afterAll(async () => {
  await metering.close();
  await host.stop();
});

/** Inputs may well delete the team or end the session: a good one is there again for the next ones. */
async function renew(): Promise<void> {
  team = await host.team();
  key = (await host.key(team)).id;
}

const nasty = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '\u202e',
    'x'.repeat(5_000),
    '🦓'.repeat(300),
  ),
  fc.constantFrom('null', '__proto__', 'constructor', '../..', "' OR 1=1 --", '%00', '-1', '1e309', 'NaN', '[]', '{}'),
  fc.constantFrom('0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2030-02-30T00:00:00Z', '+275760-09-13T00:00:00Z'),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const strange = fc.oneof(
  nasty,
  fc.constantFrom(0, -0, -1, 1e21, 1e308, -1e308, 2 ** 53, 5e-324, 0.1 + 0.2, true, false, null),
  fc.array(nasty, { maxLength: 4 }),
  fc.dictionary(nasty, nasty, { maxKeys: 4 }),
  fc.jsonValue({ maxDepth: 4 }),
);
const good = fc.constantFrom(
  'name',
  'any',
  'tee_only',
  'owner',
  'member',
  'now',
  'revoke',
  'new@orgn.test',
  '5.00',
  7,
  true,
);
const value = fc.oneof({ weight: 3, arbitrary: strange }, { weight: 1, arbitrary: good });

const namesOf = (schema: z.ZodType) => Object.keys((schema as { shape?: object }).shape ?? {});

/** An object with some of the names that the schema knows, and sometimes others. */
function objectLike<V>(schema: z.ZodType, values: fc.Arbitrary<V>): fc.Arbitrary<Record<string, V>> {
  const known = namesOf(schema);
  const name = known.length > 0 ? fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...known) }, nasty) : nasty;
  return fc.dictionary(name, values, { maxKeys: 6 });
}

/** Bytes that claim to be JSON. */
function bodyFor(route: ConsoleRoute): fc.Arbitrary<Buffer> {
  const json = objectLike(route.body, value).map((body) => Buffer.from(JSON.stringify(body)));
  return fc.oneof(
    { weight: 6, arbitrary: json },
    { weight: 1, arbitrary: strange.map((body) => Buffer.from(JSON.stringify(body))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('{"a":'.repeat(3_000), '['.repeat(100_000), '{"name":"a","name":"b"}', '{"rpm":1e999}')
        .map((text) => Buffer.from(text)),
    },
  );
}

function pathFor(route: ConsoleRoute): fc.Arbitrary<string> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
  const ids = () => ({ teamId: team.id, keyId: key, userId: team.member.userId }) as Record<string, string>;
  const parts = names.map((name) =>
    fc
      .oneof({ weight: name === 'teamId' ? 8 : 3, arbitrary: fc.constant(null) }, nasty)
      .map((bad) => bad ?? ids()[name] ?? ''),
  );
  const query = fc.oneof(fc.constant({}), objectLike(route.query, nasty));
  return fc.tuple(fc.tuple(...parts), query).map(([values, search]) => {
    const path = names.reduce<string>(
      (text, name, at) => text.replace(`{${name}}`, () => escape(values[at]!)),
      route.path,
    );
    return `${path}?${new URLSearchParams(search as Record<string, string>).toString()}`;
  });
}

/** Percent-encodes also what is no text; a dot segment would be another path before it is sent. */
function escape(text: string): string {
  const encoded = encodeURIComponent(text.toWellFormed());
  return /^\.{1,2}$/.test(encoded) ? encoded.replaceAll('.', '%2E') : encoded;
}

async function send(route: ConsoleRoute, path: string, body: Buffer): Promise<[number, string]> {
  const response = await fetch(host.auth.url + path, {
    method: route.method,
    redirect: 'manual',
    headers: { cookie: team.owner.cookie, 'x-orgn-csrf': '1', 'content-type': 'application/json' },
    ...(route.method !== 'GET' && { body: new Uint8Array(body) }),
  });
  return [response.status, await response.text()];
}

/** Those that go to the identity provider or to a gateway, which these tests have none of. */
const elsewhere = new Set(['beginSignIn', 'completeSignIn', 'signOut', 'tryModel']);
const routes = consoleRoutes.filter(({ name }) => !elsewhere.has(name));

test(
  `${INPUTS} random inputs to every route of the console API meet refusals and answers, never a failure of ours`,
  async () => {
    const input = fc
      .constantFrom(...routes)
      .chain((route) => fc.tuple(fc.constant(route), pathFor(route), bodyFor(route)));
    const seed = Number(process.env.SEED ?? (isLong ? Date.now() % 1_000_000_000 : 20_260_731));
    const statuses = new Map<number, number>();
    let sent = 0;
    while (sent < INPUTS) {
      // Sampled a batch at a time, because what is a good id changes.
      const group = fc.sample(input, { numRuns: AT_ONCE, seed: seed + sent });
      const answers = await Promise.all(group.map(([route, path, body]) => send(route, path, body)));
      answers.forEach(([status, text], at) => {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        const [route, path, body] = group[at]!;
        if (status >= 500)
          throw new Error(`${status} ${route.name} ${path} ${body.toString('latin1').slice(0, 300)} ${text}`);
      });
      sent += group.length;
      const { status } = await host.call(team.owner, 'GET', `/api/teams/${team.id}`);
      if (status !== 200) await renew();
    }
    process.stdout.write(
      `fuzz: ${sent} inputs, seed ${seed}, answers by status ${JSON.stringify([...statuses].sort())}\n`,
    );
    expect([...statuses.keys()].filter((status) => status < 300).length).toBeGreaterThan(0);
  },
  INPUTS * 60 + 30_000,
);
