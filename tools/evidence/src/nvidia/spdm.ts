import { hash, randomBytes } from 'node:crypto';
import type { SigningKey } from '../der/signing-key.ts';

const measurementCount = 64;
const digestBytes = 48;

/** A question for measurements and its signed answer, as SPDM 1.1 has them: the signature covers all before it. */
export function spdmEvidence(nonce: Buffer, key: SigningKey): Buffer {
  const question = Buffer.concat([Buffer.from('11e001ff', 'hex'), nonce, Buffer.from([0])]);
  const blocks = Buffer.concat(Array.from({ length: measurementCount }, (_, index) => block(index + 1)));
  const length = Buffer.alloc(3);
  length.writeUIntLE(blocks.length, 0, 3);
  const opaque = driverVersion('570.172.08');
  const opaqueLength = Buffer.alloc(2);
  opaqueLength.writeUInt16LE(opaque.length);
  const answer = [Buffer.from('11600000', 'hex'), Buffer.from([measurementCount]), length, blocks];
  const signed = Buffer.concat([question, ...answer, randomBytes(32), opaqueLength, opaque]);
  return Buffer.concat([signed, key.signRaw(signed)]);
}

/** One measurement: index, DMTF's specification, size, then type, size and digest. */
function block(index: number): Buffer {
  const head = Buffer.from([index, 1, digestBytes + 3, 0, 1, digestBytes, 0]);
  return Buffer.concat([head, hash('sha384', `development measurement ${index}`, 'buffer')]);
}

/** A field of the opaque part: type, size, text. */
function driverVersion(version: string): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(3, 0);
  head.writeUInt16LE(version.length + 1, 2);
  return Buffer.concat([head, Buffer.from(`${version}\0`)]);
}
