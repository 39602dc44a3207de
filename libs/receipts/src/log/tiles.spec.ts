import { describe, expect, test } from '@jest/globals';
import { nodeCrypto as crypto } from '@orgn/attestation/node';
import fc from 'fast-check';
import { inclusionProof, leafHash, rootByProof, rootOf } from './merkle.ts';
import { growLevel, proofByTiles, rootByTiles, type ReadTile } from './tiles.ts';

const entry = (at: number) => crypto.sha256(Buffer.from(String(at)));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const toLeaf = (item: Uint8Array) => leafHash(item, crypto);
const same = (item: Uint8Array) => item;

/** A log that grows by batches, and is read by tiles alone. */
class Log {
  readonly #tiles = new Map<string, Uint8Array>();
  size = 0;

  grow(count: number): void {
    let added: Uint8Array[] = Array.from({ length: count }, (_, at) => entry(this.size + at));
    for (let level = 0; added.length > 0; level += 1) {
      const had = Math.floor(this.size / 256 ** level);
      const last = had % 256 === 0 ? new Uint8Array(0) : this.#get(level, Math.floor(had / 256));
      const grown = growLevel({ count: had, last }, added, level === 0 ? toLeaf : same, crypto);
      for (const { number, hashes } of grown.tiles) this.#tiles.set(`${level} ${number}`, hashes);
      added = [...grown.full];
    }
    this.size += count;
  }

  readonly read: ReadTile = (level, number) => {
    const tile = this.#get(level, number);
    const hashes = Array.from({ length: tile.length / 32 }, (_, at) => tile.subarray(at * 32, at * 32 + 32));
    return Promise.resolve(level === 0 ? Buffer.concat(hashes.map(toLeaf)) : tile);
  };

  #get(level: number, number: number): Uint8Array {
    return this.#tiles.get(`${level} ${number}`) ?? new Uint8Array(0);
  }
}

describe('a log of tiles', () => {
  test('has the root and the proofs of the tree of its leaves, however it grew and at every size that it had', async () => {
    const batches = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(batches, fc.nat(), async (counts, pick) => {
        const log = new Log();
        const sizes = counts.map((count) => (log.grow(count), log.size));
        const leaves = Array.from({ length: log.size }, (_, at) => leafHash(entry(at), crypto));
        for (const size of sizes) {
          const some = leaves.slice(0, size);
          const index = pick % size;
          const proof = await proofByTiles(index, size, log.read, crypto);
          expect(hex(await rootByTiles(size, log.read, crypto))).toBe(hex(rootOf(some, crypto)));
          expect(proof.map(hex)).toEqual(inclusionProof(index, some, crypto).map(hex));
          const led = rootByProof(some[index] ?? new Uint8Array(0), { index, size }, proof, crypto);
          expect(hex(led ?? new Uint8Array(0))).toBe(hex(rootOf(some, crypto)));
        }
      }),
      { numRuns: 12 },
    );
  });

  test('grows over the width of a tile of tiles', async () => {
    const log = new Log();
    log.grow(66_000);
    log.grow(3);
    const leaves = Array.from({ length: log.size }, (_, at) => leafHash(entry(at), crypto));
    expect(hex(await rootByTiles(log.size, log.read, crypto))).toBe(hex(rootOf(leaves, crypto)));
    expect((await proofByTiles(65_990, log.size, log.read, crypto)).map(hex)).toEqual(
      inclusionProof(65_990, leaves, crypto).map(hex),
    );
  });
});
