import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { fetchFromRelease } from './nats-server-release.mjs';

const program = '#!/bin/sh\necho "nats-server: v0.0.0"\n';
let dir;
let target;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'orgn-release-'));
  const run = async ({ command, args, cwd }) => String(execFileSync(command, args, { cwd }));
  target = { path: join(dir, 'bin', 'nats-server'), run };
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dir, { recursive: true });
});

/** A release page with an archive; `digestOf` says of which bytes SHA256SUMS speaks. */
function serveRelease(digestOf = (archive) => archive) {
  return jest.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    const file = url.split('/').at(-1);
    return new globalThis.Response(file === 'SHA256SUMS' ? sums(digestOf) : makeArchive(file.replace('.tar.gz', '')));
  });
}

function makeArchive(name) {
  if (!existsSync(join(dir, name))) {
    mkdirSync(join(dir, name));
    writeFileSync(join(dir, name, 'nats-server'), program);
    execFileSync('tar', ['-czf', `${name}.tar.gz`, name], { cwd: dir });
  }
  return readFileSync(join(dir, `${name}.tar.gz`));
}

function sums(digestOf) {
  const architecture = { x64: 'amd64' }[process.arch] ?? process.arch;
  const name = `nats-server-v2.12.7-${process.platform}-${architecture}`;
  const digest = createHash('sha256')
    .update(digestOf(makeArchive(name)))
    .digest('hex');
  return `${'0'.repeat(64)}  nats-server-v2.12.7-windows-amd64.zip\n${digest}  ${name}.tar.gz\n`;
}

test('takes the program out of the archive that the release vouches for', async () => {
  const pages = serveRelease();
  expect(await fetchFromRelease(target)).toBe('from the release v2.12.7');
  expect(String(execFileSync(target.path))).toBe('nats-server: v0.0.0\n');
  expect(readdirSync(join(dir, 'bin'))).toEqual(['nats-server']);
  for (const [url] of pages.mock.calls) {
    expect(url).toMatch(/^https:\/\/github\.com\/nats-io\/nats-server\/releases\/download\/v2\.12\.7\//);
  }
});

test('refuses an archive with another digest, and unpacks nothing', async () => {
  serveRelease(() => 'something else');
  await expect(fetchFromRelease(target)).rejects.toThrow('the archive has the SHA-256');
  expect(existsSync(target.path)).toBe(false);
});

test('says which page does not answer', async () => {
  jest.spyOn(globalThis, 'fetch').mockImplementation(async () => new globalThis.Response('', { status: 404 }));
  await expect(fetchFromRelease(target)).rejects.toThrow(/SHA256SUMS answers 404$/);
});
