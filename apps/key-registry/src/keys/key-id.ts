import { randomBytes } from 'node:crypto';
import type { KeyId } from '@orgn/contracts';

/** A new key id: `key_` and the 32 hexadecimal digits of a UUIDv7, so that ids sort by the time they were made. */
export function newKeyId(now: number = Date.now()): KeyId {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return `key_${bytes.toString('hex')}` as KeyId;
}
