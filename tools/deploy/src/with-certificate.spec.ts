import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '@orgn/testing';

const script = join(import.meta.dirname, '../../../deploy/with-certificate.sh');
/** Stands for a server: says its pid, then each time that it is told to read its files again. */
const server = "process.on('SIGHUP', () => console.log('told')); console.log(process.pid); setInterval(() => {}, 1e6)";
/** What every image has, the smallest ones too. Nothing else is there for the script. */
const commands = ['sh', 'cat', 'chmod', 'cp', 'mkdir', 'mv', 'sleep'];

let dir: string;
let child: ChildProcess | undefined;
let said = '';

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'orgn-with-certificate-'));
  for (const name of ['from', 'bin']) mkdirSync(join(dir, name));
  for (const name of commands) {
    const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' });
    symlinkSync(stdout.trim(), join(dir, 'bin', name));
  }
  put('first');
  said = '';
});
afterEach(async () => {
  child?.kill('SIGTERM');
  if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
  rmSync(dir, { recursive: true });
});

function put(text: string): void {
  for (const name of ['ca.crt', 'tls.crt', 'tls.key']) writeFileSync(join(dir, 'from', name), text, { mode: 0o644 });
}

function start(more: Record<string, string> = {}): void {
  const places = { CERTIFICATES: join(dir, 'from'), COPIES: join(dir, 'to'), EVERY_SECONDS: '0.1' };
  const env = { PATH: join(dir, 'bin'), ...places, ...more };
  child = spawn('sh', [script, process.execPath, '-e', server], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
}

const copyOf = (name: string) => readFileSync(join(dir, 'to', name), 'utf8');

test('a server gets a key that only it can read, and becomes the process that was started', async () => {
  start();
  await eventually(() => expect(said).toBe(`${child?.pid}\n`));
  expect([copyOf('tls.crt'), copyOf('tls.key')]).toEqual(['first', 'first']);
  expect([statSync(join(dir, 'to')).mode & 0o777, statSync(join(dir, 'to', 'tls.key')).mode & 0o777]).toEqual([
    0o700, 0o600,
  ]);
});

test('a renewed certificate is copied, and the server told once to read it', async () => {
  start();
  await eventually(() => expect(said).toContain('\n'));
  put('second');
  await eventually(() => expect([copyOf('tls.key'), said.endsWith('told\n')]).toEqual(['second', true]));
});

test('other files may be watched too, and without TLS they alone count', async () => {
  const users = join(dir, 'users.conf');
  writeFileSync(users, 'a');
  rmSync(join(dir, 'from'), { recursive: true });
  start({ INTERNAL_TLS: 'off', RELOAD_ON: users });
  await eventually(() => expect(said).toContain('\n'));
  writeFileSync(users, 'b');
  await eventually(() => expect(said).toContain('told'));
  expect(existsSync(join(dir, 'to'))).toBe(false);
});

test('without a certificate nothing starts', async () => {
  rmSync(join(dir, 'from', 'tls.key'));
  start();
  const [code] = (await once(child!, 'exit')) as [number];
  expect([code, said]).toEqual([1, '']);
});
