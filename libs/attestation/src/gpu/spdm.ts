import { ByteReader } from '../bytes/byte-reader.ts';
import { toHex } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';

/** What a GPU signed of SPDM's GET_MEASUREMENTS (DSP0274, 1.1): our request with its nonce, and its answer. */
export interface SpdmExchange {
  readonly nonce: string;
  readonly signed: Uint8Array;
  /** r‖s on P-384. */
  readonly signature: Uint8Array;
}

const spdm11 = 0x11;
const getMeasurements = 0xe0;
const measurements = 0x60;
const requestSize = 37;
const signatureSize = 96;

/** @throws Malformed */
export function readSpdmExchange(bytes: Uint8Array): SpdmExchange {
  const reader = new ByteReader(bytes);
  if (reader.u8() !== spdm11 || reader.u8() !== getMeasurements) throw new Malformed('not a request for measurements');
  reader.take(2);
  const nonce = toHex(reader.take(32));
  reader.take(1);
  if (reader.u8() !== spdm11 || reader.u8() !== measurements) throw new Malformed('not an answer with measurements');
  if (bytes.length < requestSize + 8 + signatureSize) throw new Malformed('an answer without a signature');
  const signedSize = bytes.length - signatureSize;
  return { nonce, signed: bytes.subarray(0, signedSize), signature: bytes.subarray(signedSize) };
}
