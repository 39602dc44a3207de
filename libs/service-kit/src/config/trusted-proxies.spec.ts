import { describe, expect, test } from '@jest/globals';
import fastify from 'fastify';
import { z } from 'zod';
import { addressExample, addressExamples } from '../http/address-example.ts';
import { configClass } from './base-config.ts';
import { readConfig } from './read-config.ts';
import { requireTrustedProxies, trustedProxies } from './trusted-proxies.ts';

const schema = z.object({ NODE_ENV: z.string(), TRUSTED_PROXIES: trustedProxies });
class HostConfig extends configClass(schema, requireTrustedProxies) {}

const read = (TRUSTED_PROXIES: string, NODE_ENV = 'production') =>
  readConfig(HostConfig, { NODE_ENV, TRUSTED_PROXIES }).TRUSTED_PROXIES;

describe('TRUSTED_PROXIES', () => {
  test('is said in production, or the host does not start and names the line to add', () => {
    expect(() => read('')).toThrow(
      /TRUSTED_PROXIES is not set: add the line TRUSTED_PROXIES=none .*TRUSTED_PROXIES=10\./,
    );
    expect(read('', 'development')).toBeUndefined();
  });

  test.each(['none', ' None '])('%j is nobody', (text) => {
    expect(read(text)).toEqual([]);
  });

  test('takes addresses and ranges, IPv4 and IPv6', () => {
    const list = ['10.0.0.0/8', '192.0.2.7', 'fd00::/8', 'fc00::/7', '2001:db8::/32', '::1', '::ffff:10.0.0.0/104'];
    expect(read(list.join(', '))).toEqual(list);
  });

  test.each([
    ...['0.0.0.0/0', '::/0', '0.0.0.0/1,128.0.0.0/1', '10.0.0.0/8,0.0.0.0/0', '96.0.0.0/7', '2000::/3', '2000::/15'],
    ...['::ffff:0.0.0.0/96', '::ffff:0:0/95', '::/80', '::/16', '::ff00:0:0/88', '::ffff:128.0.0.0/97'],
    ...['true', '1', '*', 'loopback', 'uniquelocal', '10.0.0.0/33', '10.0.0.0/8,', 'none,10.0.0.1', 'localhost', ','],
  ])('in which strangers may have an address, or which is none, is refused: %j', (text) => {
    for (const environment of ['production', 'development']) {
      expect(() => read(text, environment)).toThrow(/TRUSTED_PROXIES must be TRUSTED_PROXIES=none, or addresses/);
    }
  });
});

describe('the start log', () => {
  test('says whom a trusted peer may speak for, and that nobody else may', async () => {
    expect(await addressExamples(['172.30.58.0/24'])).toEqual([
      'a request whose peer is 172.30.58.0 with x-forwarded-for 203.0.113.7 counts as 203.0.113.7',
      'a request whose peer is 198.51.100.9 with x-forwarded-for 203.0.113.7 counts as 198.51.100.9',
    ]);
    expect(await addressExamples([])).toEqual([
      'a request whose peer is 198.51.100.9 with x-forwarded-for 203.0.113.7 counts as 198.51.100.9',
    ]);
  });

  test('says what a host really does', async () => {
    const host = fastify({ trustProxy: ['127.0.0.1'] });
    host.get('/', ({ ip }) => ip);
    const address = await host.listen({ port: 0, host: '127.0.0.1' });
    const answer = await fetch(address, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(await addressExample(['127.0.0.1'], '127.0.0.1')).toContain(`counts as ${await answer.text()}`);
    await host.close();
  });
});
