import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gunzipSync } from 'node:zlib';
import { DumpReader } from './dump-reader.ts';
import { DumpWriter } from './dump-writer.ts';
import { isDump } from './is-dump.ts';
import type { Manifest, Part } from './manifest.ts';

const dir = mkdtempSync(join(tmpdir(), 'orgn-dump-'));
const path = join(dir, 'orgn.tar');
/** Does not compress: three pieces. */
const content = randomBytes(9 * 1024 * 1024);
let part: Part;

const manifest: Manifest = {
  format: 1,
  id: randomUUID(),
  product: 'orgn-gateway',
  release: '0.1.0',
  takenAt: new Date().toISOString(),
  postgres: '18.4',
  schemas: [],
  peppers: [],
  auditHeads: null,
  usage: null,
};

beforeAll(async () => {
  await using writer = await DumpWriter.create(path);
  part = await writer.add('a.b.copy.gz', Readable.from([content.subarray(0, 10), content.subarray(10)]));
  await writer.finish(manifest);
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const opened = async (bytes: Buffer) => {
  const other = join(dir, 'other.tar');
  writeFileSync(other, bytes);
  await using reader = await DumpReader.open(other);
  return reader.manifest;
};
const damaged = { code: 'dump_damaged', message: expect.stringContaining('damaged') };

describe('a dump', () => {
  test('gives back what was put in', async () => {
    await using reader = await DumpReader.open(path);
    expect(reader.manifest).toEqual(manifest);
    expect(part).toMatchObject({ pieces: 3, bytes: content.length });
    expect((await buffer(reader.part(part))).equals(content)).toBe(true);
    expect(await isDump(path)).toBe(true);
  });

  test('can be unpacked by tar and gzip alone', () => {
    execFileSync('tar', ['xf', path, '-C', dir]);
    const pieces = [1, 2, 3].map((number) => readFileSync(join(dir, `a.b.copy.gz.00000${number}`)));
    expect(gunzipSync(Buffer.concat(pieces)).equals(content)).toBe(true);
    expect(statSync(join(dir, 'manifest.json')).mode & 0o777).toBe(0o600);
  });

  test('that lacks its last byte, or any other, is refused', async () => {
    const whole = readFileSync(path);
    for (const length of [0, 1, 511, 512, 2048, whole.length >> 1, whole.length - 512, whole.length - 1]) {
      await expect(opened(whole.subarray(0, length))).rejects.toMatchObject(damaged);
    }
    await expect(opened(Buffer.concat([whole, Buffer.of(0)]))).rejects.toMatchObject(damaged);
    await expect(opened(Buffer.concat([whole, Buffer.alloc(512)]))).rejects.toMatchObject(damaged);
  });

  test('in which a bit has flipped is refused, wherever that is', async () => {
    const whole = readFileSync(path);
    const last = whole.length - 1;
    const ends = Array.from({ length: 24 }, (_, index) => last - index * 97);
    for (const at of [0, 100, 511, 512, 600, whole.length >> 1, last - 3000, ...ends]) {
      const flipped = Buffer.from(whole);
      flipped[at]! ^= 1 << (at % 8);
      await expect(opened(flipped)).rejects.toMatchObject(damaged);
    }
    expect(await opened(whole)).toEqual(manifest);
  });

  test('of a newer format is refused by the name of its release', async () => {
    const newer = join(dir, 'newer.tar');
    const text = JSON.stringify({ format: 2, release: '9.9.9', more: true });
    await using writer = await DumpWriter.create(newer);
    await expect(writer.finish(JSON.parse(text) as Manifest)).rejects.toThrow();
  });
});
