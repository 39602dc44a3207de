import { concat, type Bytes, type Crypto } from '@orgn/attestation';

/** Merkle trees as RFC 6962 and RFC 9162 have them. Hashes are 32 bytes. */
export const leafHash = (data: Uint8Array, crypto: Crypto): Bytes => crypto.sha256(concat(Uint8Array.of(0), data));

export const nodeHash = (left: Uint8Array, right: Uint8Array, crypto: Crypto): Bytes =>
  crypto.sha256(concat(Uint8Array.of(1), left, right));

/** The root of a tree of some leaves' hashes. */
export function rootOf(leaves: readonly Uint8Array[], crypto: Crypto): Uint8Array {
  if (leaves.length === 0) return crypto.sha256(new Uint8Array(0));
  const [only, ...others] = leaves;
  if (only && others.length === 0) return only;
  const split = splitOf(leaves.length);
  return nodeHash(rootOf(leaves.slice(0, split), crypto), rootOf(leaves.slice(split), crypto), crypto);
}

/** The hashes that lead from a leaf to the root, from the leaf up. */
export function inclusionProof(index: number, leaves: readonly Uint8Array[], crypto: Crypto): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...inclusionProof(index, left, crypto), rootOf(right, crypto)]
    : [...inclusionProof(index - split, right, crypto), rootOf(left, crypto)];
}

/** The root that a leaf and its proof lead to (RFC 9162, 2.1.3.2); null when the proof is of another length. */
export function rootByProof(
  leaf: Uint8Array,
  { index, size }: { index: number; size: number },
  proof: readonly Uint8Array[],
  crypto: Crypto,
): Uint8Array | null {
  if (index >= size) return null;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return null;
    const isRight = node % 2 === 1 || node === last;
    hash = isRight ? nodeHash(sibling, hash, crypto) : nodeHash(hash, sibling, crypto);
    if (isRight) [node, last] = lifted(node, last);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hash : null;
}

/** Where a leaf is the last of its level there is nothing beside it: up to where there is. */
function lifted(node: number, last: number): [number, number] {
  let [at, end] = [node, last];
  while (at % 2 === 0 && at !== 0) [at, end] = [Math.floor(at / 2), Math.floor(end / 2)];
  return [at, end];
}

/** The largest power of two below a number; 1 below 1. */
export function splitOf(count: number): number {
  let split = 1;
  while (split * 2 < count) split *= 2;
  return split;
}
