import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';

/*
 * NATS user keys: Ed25519, written as base32 of prefix, bytes and CRC-16, as https://docs.nats.io/using-nats/developing-with-nats/sec/auth_nkey
 * and nats-io/nkeys say. A few lines here, because they are made before anything is installed.
 */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Prefixes of a seed and of a user, each of which makes its letter when it is written in base32. */
const [seedPrefix, userPrefix] = [18 << 3, 20 << 3];
/** PKCS #8 around the 32 bytes of an Ed25519 private key. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The seed of a user: `SU…`, 58 characters. Whoever has it is that user.
 * @param {Uint8Array} [secret] 32 bytes; default: new random ones
 */
export function userSeed(secret = randomBytes(32)) {
  const head = Buffer.from([seedPrefix | (userPrefix >> 5), (userPrefix & 31) << 3]);
  return encode(Buffer.concat([head, secret]));
}

/** What the server knows a user by: `U…`, 56 characters. @param {string} seed */
export function userPublicKey(seed) {
  const secret = decode(seed).subarray(2, 34);
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, secret]), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return encode(Buffer.concat([Buffer.from([userPrefix]), spki.subarray(-32)]));
}

function encode(bytes) {
  const checked = Buffer.concat([bytes, checksum(bytes)]);
  let [text, value, bits] = ['', 0, 0];
  for (const byte of checked) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(value >> (bits - 5)) & 31];
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text;
}

function decode(text) {
  let [value, bits] = [0, 0];
  const bytes = [];
  for (const letter of text) {
    value = ((value << 5) | alphabet.indexOf(letter)) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((value >> (bits -= 8)) & 255);
  }
  return Buffer.from(bytes);
}

/** CRC-16/XMODEM, least significant byte first. */
function checksum(bytes) {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return Buffer.from([crc & 255, crc >> 8]);
}
