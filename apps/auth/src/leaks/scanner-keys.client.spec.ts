import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ServiceLog } from '@orgn/service-kit';
import type { AuthConfig } from '../config.ts';
import { ScannerKeysClient } from './scanner-keys.client.ts';

const MINUTE = 60_000;
const p256 = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;

let server: Server;
let published: Record<string, KeyObject>;
let answers: number[];
let isDown: boolean;
let client: ScannerKeysClient;

beforeEach(async () => {
  published = { k1: p256() };
  answers = [];
  isDown = false;
  server = createServer((request, response) => {
    const etag = `"${Object.keys(published).join()}"`;
    const status = isDown ? 500 : request.headers['if-none-match'] === etag ? 304 : 200;
    answers.push(status);
    const keys = Object.entries(published).map(([id, key]) => ({
      key_identifier: id,
      key: key.export({ type: 'spki', format: 'pem' }),
    }));
    response.writeHead(status, { etag }).end(status === 200 ? JSON.stringify({ public_keys: keys }) : undefined);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const GITHUB_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  client = new ScannerKeysClient({ GITHUB_API_URL } as AuthConfig, new ServiceLog('auth', 'test', 'silent'));
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'], now: Date.now() });
});

afterEach(() => {
  jest.useRealTimers();
  server.close();
});

const later = (ms: number) => jest.setSystemTime(Date.now() + ms);

describe('the keys of scanners', () => {
  test('are asked for once, then only conditionally', async () => {
    const found = await Promise.all(Array.from({ length: 10 }, () => client.find('k1')));
    expect(found.every((key) => key?.equals(published.k1!))).toBe(true);
    later(16 * MINUTE);
    expect(await client.find('k1')).toBeDefined();
    expect(answers).toEqual([200, 304]);
  });

  test('that are new are found, without asking more often than every ten seconds', async () => {
    await client.find('k1');
    published.k2 = p256();
    expect(await client.find('k2')).toBeUndefined();
    later(11_000);
    expect(await client.find('k2')).toBeDefined();
    expect(answers).toEqual([200, 200]);
  });

  test('that were taken back are not good for long', async () => {
    await client.find('k1');
    published = { k2: p256() };
    later(16 * MINUTE);
    expect(await client.find('k1')).toBeUndefined();
  });

  test('stay good for a while when they cannot be fetched, and not for ever', async () => {
    await client.find('k1');
    isDown = true;
    later(14 * MINUTE);
    expect(await client.find('k1')).toBeDefined();
    later(2 * MINUTE);
    await expect(client.find('k1')).rejects.toMatchObject({ code: 'service_unavailable' });
  });

  test('are elliptic ones over P-256 only', async () => {
    published = {
      rsa: generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey,
      p384: generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey,
    };
    expect([await client.find('rsa'), await client.find('p384')]).toEqual([undefined, undefined]);
  });
});
