import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readConfig } from './read-config.ts';
import { RunningIdOrgn } from './testing/running-id-orgn.ts';

const entry = join(import.meta.dirname, 'main.ts');
const urls = { ISSUER: 'http://localhost:1/', CONSOLE_URL: 'http://localhost:2' };

describe('readConfig', () => {
  test('refuses production', () => {
    expect(() => readConfig({ ...urls, NODE_ENV: 'production', HTTP_PORT: '1' })).toThrow('development only');
  });

  test('names all that is faulty without the values', () => {
    expect(() => readConfig({ HTTP_PORT: 'x', ISSUER: 'y', CLIENT_SECRET: 'z' })).toThrow(
      'Invalid configuration: HTTP_PORT, ISSUER, CONSOLE_URL, CLIENT_SECRET',
    );
  });

  test('takes origins with or without a slash', () => {
    expect(readConfig({ ...urls, HTTP_PORT: '1' })).toMatchObject({ issuer: 'http://localhost:1', host: '127.0.0.1' });
  });
});

describe('the process', () => {
  test('tells its health and exits 0 on SIGTERM', async () => {
    const idOrgn = await RunningIdOrgn.start();
    const health = await (await fetch(`${idOrgn.issuer}/health`)).json();
    expect(health).toEqual({ status: 'ok', service: 'id-orgn', pid: idOrgn.child.pid });
    expect(await idOrgn.stop()).toEqual([0, null]);
  });

  test('does not start in production', async () => {
    const env = { ...urls, NODE_ENV: 'production', HTTP_PORT: '1' };
    const child = spawn(process.execPath, [entry], { env, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});
