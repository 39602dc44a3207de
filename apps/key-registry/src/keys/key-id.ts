import type { KeyId } from '@orgn/contracts';
import { v7 as uuidv7 } from 'uuid';

/** A new key id: `key_` and the digits of a UUIDv7, so that ids sort by the time they were made. */
export function newKeyId(): KeyId {
  return `key_${uuidv7().replaceAll('-', '')}` as KeyId;
}
