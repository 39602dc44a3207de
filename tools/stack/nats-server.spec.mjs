import { expect, test } from '@jest/globals';
import { natsConfig } from './nats.mjs';
import { digestFor } from './nats-server-release.mjs';

const digest = 'AB'.repeat(32);
const other = 'cd'.repeat(32);

test.each([
  ['two blanks', `${other}  x.zip\n${digest}  x.tar.gz\n`],
  ['a star and a folder', `${digest} *dist/x.tar.gz\r\n${other} *dist/y\r\n`],
])('finds the digest of a file in SHA256SUMS with %s', (_what, sums) => {
  expect(digestFor(sums, 'x.tar.gz')).toBe(digest.toLowerCase());
});

test.each([
  ['nothing', ''],
  ['a similar name', `${digest}  xx.tar.gz\n`],
  ['a short digest', `${digest.slice(2)}  x.tar.gz`],
])('refuses a SHA256SUMS with %s', (_what, sums) => {
  expect(() => digestFor(sums, 'x.tar.gz')).toThrow('does not list x.tar.gz');
});

test('the configuration of NATS names who may connect elsewhere, and certificates only when there are some', () => {
  const config = natsConfig({ port: 4222, serverName: 'n', storeDir: '/d "q"/nats' });
  expect(config).toContain('include ../bus/users.conf');
  expect(config).not.toMatch(/password|tls/);
  const encrypted = natsConfig({ port: 4222, serverName: 'n', storeDir: '/d', tls: '/d/tls' });
  expect(encrypted).toContain('tls { cert_file: "/d/tls/nats/tls.crt", key_file: "/d/tls/nats/tls.key", timeout: 15 }');
  expect(config).toContain('store_dir: "/d \\"q\\"/nats"');
});
