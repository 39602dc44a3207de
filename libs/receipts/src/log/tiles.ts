import { concat, type Bytes, type Crypto } from '@orgn/attestation';
import { nodeHash, rootOf, splitOf } from './merkle.ts';

/** Hashes of a full tile (C2SP's tlog-tiles): eight levels of the tree. */
export const TILE_WIDTH = 256;
const TILE_HEIGHT = 8;
const HASH_BYTES = 32;

/** The hashes of a tile, one after the other, as many as there are. Level 0 holds leaves, each other one the roots of tiles below. */
export type ReadTile = (level: number, number: number) => Promise<Uint8Array>;

/** The root of a tree of some size. */
export function rootByTiles(size: number, read: ReadTile, crypto: Crypto): Promise<Uint8Array> {
  return size === 0 ? Promise.resolve(rootOf([], crypto)) : rangeHash(0, size, { read, crypto });
}

/** The hashes that lead from a leaf to the root of a tree of some size, from the leaf up. */
export async function proofByTiles(index: number, size: number, read: ReadTile, crypto: Crypto): Promise<Uint8Array[]> {
  const proof: Uint8Array[] = [];
  let [from, to] = [0, size];
  while (to - from > 1) {
    const middle = from + splitOf(to - from);
    const isLeft = index < middle;
    proof.unshift(await (isLeft ? rangeHash(middle, to, { read, crypto }) : rangeHash(from, middle, { read, crypto })));
    [from, to] = isLeft ? [from, middle] : [middle, to];
  }
  return proof;
}

/** What one level of tiles becomes by hashes behind its last ones. */
export interface GrownLevel {
  /** Tiles that are new or longer. */
  readonly tiles: readonly { readonly number: number; readonly hashes: Bytes }[];
  /** Those of them that are full, each as the hash that the level above has of it. */
  readonly full: readonly Bytes[];
}

/**
 * @param count of the hashes that the level has
 * @param last the hashes of its last tile, where that is not full
 * @param toHash what a hash of the tile is in the tree; entries are kept as they are
 */
export function growLevel(
  { count, last }: { count: number; last: Uint8Array },
  added: readonly Uint8Array[],
  toHash: (item: Uint8Array) => Uint8Array,
  crypto: Crypto,
): GrownLevel {
  const first = Math.floor(count / TILE_WIDTH);
  const items = [...hashesOf(last), ...added];
  const tiles = Array.from({ length: Math.ceil(items.length / TILE_WIDTH) }, (_, at) =>
    items.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH),
  );
  const full = tiles.filter((tile) => tile.length === TILE_WIDTH);
  return {
    tiles: tiles.map((tile, at) => ({ number: first + at, hashes: concat(...tile) })),
    full: full.map((tile) => concat(rootOf(tile.map(toHash), crypto))),
  };
}

/** A tile, cut into its hashes. */
export function hashesOf(tile: Uint8Array): Uint8Array[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, at) =>
    tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

interface Tools {
  readonly read: ReadTile;
  readonly crypto: Crypto;
}

/** The hash of leaves from one on to before another: a whole subtree, or two ranges. */
async function rangeHash(from: number, to: number, tools: Tools): Promise<Uint8Array> {
  const split = splitOf(to - from);
  if (split * 2 === to - from || to - from === 1) return subtreeHash(from, to - from, tools);
  const left = await rangeHash(from, from + split, tools);
  return nodeHash(left, await rangeHash(from + split, to, tools), tools.crypto);
}

/** @param count a power of two that `from` is a multiple of */
async function subtreeHash(from: number, count: number, { read, crypto }: Tools): Promise<Uint8Array> {
  const height = Math.round(Math.log2(count));
  const level = Math.floor(height / TILE_HEIGHT);
  const width = 2 ** (height % TILE_HEIGHT);
  const index = from / 2 ** (level * TILE_HEIGHT);
  const hashes = hashesOf(await read(level, Math.floor(index / TILE_WIDTH)));
  const at = index % TILE_WIDTH;
  return rootOf(hashes.slice(at, at + width), crypto);
}
