import { createHash, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { verifyKey } from '@orgn/contracts';
import { eventually } from '@orgn/testing';
import { newKeySecret, toKeyDigest } from '../keys/key-secret.ts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

let host: TeamHost;
let team: TestTeam;
let mailDir: string;

/** A stand-in for the server that publishes the scanner's keys. */
let scanner: Server;
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const published = new Map<string, KeyObject>([['k1', pair.publicKey]]);
const asked: (string | undefined)[] = [];

beforeAll(async () => {
  scanner = createServer((request, response) => {
    asked.push(request.headers['if-none-match']);
    const keys = [...published].map(([id, key]) => ({
      key_identifier: id,
      key: key.export({ type: 'spki', format: 'pem' }),
      is_current: true,
    }));
    const etag = `"${published.size}"`;
    if (request.headers['if-none-match'] === etag) response.writeHead(304).end();
    else response.writeHead(200, { etag }).end(JSON.stringify({ public_keys: keys }));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => scanner.once('listening', resolve));
  mailDir = await mkdtemp(join(tmpdir(), 'orgn-mail-'));
  const GITHUB_API_URL = `http://127.0.0.1:${(scanner.address() as AddressInfo).port}`;
  host = await TeamHost.start({ GITHUB_API_URL, MAIL_DIR: mailDir });
  team = await host.team();
});

afterAll(async () => {
  await host.stop();
  scanner.close();
});

interface Match {
  token: string;
  type?: string;
  url?: string;
}

function sign(body: string, key: KeyObject = pair.privateKey): string {
  return createSign('SHA256').update(body).sign(key, 'base64');
}

async function report(
  matches: Match[] | string,
  headers: { identifier?: string; signature?: string } = {},
): Promise<{ status: number; body: unknown }> {
  const body =
    typeof matches === 'string'
      ? matches
      : JSON.stringify(
          matches.map((match) => ({ type: 'orgn_key', url: 'https://x.test/1', source: 'commit', ...match })),
        );
  const response = await fetch(`${host.auth.url}/api/leaks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'github-public-key-identifier': headers.identifier ?? 'k1',
      'github-public-key-signature': headers.signature ?? sign(body),
    },
    body,
  });
  return { status: response.status, body: await response.json() };
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('hex');
const verify = (key: string) => host.auth.backbone.bus.ask(verifyKey, { digest: toKeyDigest(key) });
const stateOf = async (id: string) =>
  (await host.call(team.owner, 'GET', `/api/teams/${team.id}/keys/${id}`)).body.state;

describe('a signed report', () => {
  test('revokes the keys in it at once, says which matches are keys, and tells the owners', async () => {
    const { id, key } = await host.key(team, team.member, { name: 'leaky' });
    const stranger = newKeySecret();
    const { status, body } = await report([{ token: key }, { token: stranger }, { token: 'not a key' }]);
    expect(status).toBe(200);
    expect(body).toEqual([
      { token_hash: hashOf(key), token_type: 'orgn_key', label: 'true_positive' },
      { token_hash: hashOf(stranger), token_type: 'orgn_key', label: 'false_positive' },
      { token_hash: hashOf('not a key'), token_type: 'orgn_key', label: 'false_positive' },
    ]);
    await expect(verify(key)).rejects.toMatchObject({ code: 'key_revoked' });
    const entry = (await host.entries(team)).at(-1);
    expect(entry).toMatchObject({
      action: 'key.revoked',
      actor_kind: 'scanner',
      object_id: id,
      after: { revocationReason: 'leaked' },
    });
    await eventually(async () => {
      const mails = readdirSync(mailDir).map((file) => readFileSync(join(mailDir, file), 'utf8'));
      expect(mails.filter((mail) => mail.includes('leaky') && mail.includes('@orgn.test'))).toHaveLength(1);
      expect(mails.join()).not.toContain(key.slice(8, 33));
    });
  });

  test('disables instead where the team says so; sent again, it leaves a key alone that was enabled since', async () => {
    await host.call(team.owner, 'PATCH', `/api/teams/${team.id}`, { settings: { leakAction: 'disable' } });
    const { id, key } = await host.key(team);
    await report([{ token: key }]);
    expect(await stateOf(id)).toBe('disabled');
    expect(await host.call(team.owner, 'POST', `/api/teams/${team.id}/keys/${id}/enable`)).toMatchObject({
      status: 200,
    });
    expect(await report([{ token: key }])).toMatchObject({ status: 200, body: [{ label: 'true_positive' }] });
    expect(await stateOf(id)).toBe('active');
    await report([{ token: key, url: 'https://x.test/elsewhere' }]);
    expect(await stateOf(id)).toBe('disabled');
    await host.call(team.owner, 'PATCH', `/api/teams/${team.id}`, { settings: { leakAction: 'revoke' } });
  });

  test('may carry thousands of matches', async () => {
    const { id, key } = await host.key(team);
    const many = Array.from({ length: 4_000 }, (_, index) => ({
      token: newKeySecret(),
      url: `https://x.test/${index}`,
    }));
    const { status, body } = await report([...many, { token: key }]);
    expect([status, (body as { label: string }[]).filter(({ label }) => label === 'true_positive').length]).toEqual([
      200, 1,
    ]);
    expect(await stateOf(id)).toBe('revoked');
  });
});

describe('a report that the scanner has not signed', () => {
  test('does nothing', async () => {
    const { id, key } = await host.key(team);
    const body = JSON.stringify([{ token: key, type: 'orgn_key', url: '' }]);
    const forger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const attempts = [
      { signature: sign(body, forger) },
      { signature: sign(`${body} `) },
      { signature: '' },
      { signature: 'AAAA' },
      { signature: '=' },
      { identifier: '' },
      { identifier: 'unknown' },
    ];
    for (const attempt of attempts) {
      const answer = await report(body, attempt);
      expect([attempt, answer.status]).toEqual([attempt, 400]);
      expect(JSON.stringify(answer.body)).not.toContain(key);
    }
    expect(await stateOf(id)).toBe('active');
  });

  test('does not make this host ask for the published keys again and again', async () => {
    const before = asked.length;
    await Promise.all(Array.from({ length: 50 }, (_, index) => report('[]', { identifier: `made-up-${index}` })));
    expect(asked.length - before).toBeLessThanOrEqual(1);
  });
});

describe('a signed report that is no report', () => {
  test.each([
    '',
    '{}',
    '[]',
    'null',
    '[1]',
    '[{"token":1,"type":"a"}]',
    '[{"type":"a"}]',
    `[${'['.repeat(5_000)}`,
    '\u0000',
  ])('is refused (%j)', async (body) => expect(await report(body)).toMatchObject({ status: 400 }));

  test('of more than a megabyte is refused', async () => {
    expect(await report(`[${' '.repeat(1_100_000)}]`)).toMatchObject({ status: 413 });
  });
});
