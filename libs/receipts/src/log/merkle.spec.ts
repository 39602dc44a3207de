import { hash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { nodeCrypto as crypto } from '@orgn/attestation/node';
import { inclusionProof, leafHash, rootByProof, rootOf } from './merkle.ts';

const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from([index >> 8, index & 255]), crypto));
const hex = (bytes: Uint8Array | null) => bytes && Buffer.from(bytes).toString('hex');

describe('the log', () => {
  test('has the roots of RFC 6962', () => {
    expect(hex(rootOf([], crypto))).toBe(hash('sha256', ''));
    // Of the test vectors of certificate-transparency: leaves "", 00, 10, 2021, 3031, 40414243.
    const leaves = ['', '00', '10', '2021', '3031', '40414243'].map((text) =>
      leafHash(Buffer.from(text, 'hex'), crypto),
    );
    expect(hex(rootOf(leaves.slice(0, 1), crypto))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
    expect(hex(rootOf(leaves, crypto))).toBe('76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef');
  });

  test('proves each leaf of each size, and no other', () => {
    for (let size = 1; size <= 33; size += 1) {
      const leaves = leavesOf(size);
      const root = hex(rootOf(leaves, crypto));
      for (let index = 0; index < size; index += 1) {
        const proof = inclusionProof(index, leaves, crypto);
        expect(hex(rootByProof(leaves[index]!, { index, size }, proof, crypto))).toBe(root);
        const other = leaves[(index + 1) % size]!;
        if (size > 1) expect(hex(rootByProof(other, { index, size }, proof, crypto))).not.toBe(root);
        if (size > 1) expect(hex(rootByProof(leaves[index]!, { index, size }, proof.slice(1), crypto))).not.toBe(root);
        expect(rootByProof(leaves[index]!, { index, size }, [...proof, leaves[0]!], crypto)).toBeNull();
      }
    }
  });
});
