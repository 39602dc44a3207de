import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Pepper } from '@orgn/key-registry/peppers';
import type { PepperProof } from '../dump/manifest.ts';

/** A key as it is stored. */
export interface StoredKey {
  keyId: string;
  /** Hex. */
  digest: string;
}

/**
 * Proves that whoever made a dump had the pepper of a key in it, and lets another deployment find out whether it has the
 * same one: HMAC-SHA-256 under the pepper of the dump's id, the key's and its digest, base64url. No key's digest is such an
 * HMAC: those are of 32 bytes. It tells nothing about the pepper, which has 256 random bits.
 */
export function provePepper({ kid, secret }: Pepper, dumpId: string, { keyId, digest }: StoredKey): string {
  return createHmac('sha256', secret)
    .update(`orgn-backup-1\n${dumpId}\n${kid}\n${keyId}\n${digest}`)
    .digest('base64url');
}

/** The peppers that keys of a dump need and `peppers` lacks, and those that it has under that name and that are others. */
export function pepperFaults(
  peppers: readonly Pepper[],
  dumpId: string,
  proofs: readonly PepperProof[],
): { missing: string[]; wrong: string[] } {
  const faults = { missing: [] as string[], wrong: [] as string[] };
  for (const { kid, sample, proof } of proofs) {
    const pepper = peppers.find((one) => one.kid === kid);
    if (!pepper) faults.missing.push(kid);
    else if (proof !== null && !isSame(provePepper(pepper, dumpId, sample), proof)) faults.wrong.push(kid);
  }
  return faults;
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
