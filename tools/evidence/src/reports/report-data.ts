import { hash } from 'node:crypto';

/** The 64 bytes of a quote that bind the key of answers to a nonce: the key's name filled up with zeros, then the nonce. */
export function plainReportData(address: Buffer, nonce: Buffer): Buffer {
  return Buffer.concat([address, Buffer.alloc(32 - address.length), nonce]);
}

/** The same that binds the key of the TLS connection too. */
export function tlsReportData(address: Buffer, tlsSpkiSha256: Buffer, nonce: Buffer): Buffer {
  return Buffer.concat([hash('sha256', Buffer.concat([address, tlsSpkiSha256]), 'buffer'), nonce]);
}

/** A digest filled up with zeros. */
export function digestReportData(text: string): Buffer {
  return Buffer.concat([hash('sha256', text, 'buffer'), Buffer.alloc(32)]);
}
