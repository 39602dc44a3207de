import type { NatsConnection } from '@nats-io/transport-node';
import { usageStream } from '@orgn/contracts';

/** What a record takes in the server's store besides subject, headers and data, in bytes. */
const RECORD_BYTES = 34;
const UNIT = 1_024;
/** Blanks after JSON mean nothing. */
const BLANK = 0x20;

/**
 * Servers before 2.11 judge by the data alone whether a message still fits, and then throw the oldest away to make room
 * for the rest of its record. Where all records, and the limit, are whole multiples of a unit that is larger than that rest,
 * what seems to fit does fit.
 */
export function needsWholeRecords(connection: NatsConnection): boolean {
  const [major = 0, minor = 0] = (connection.info?.version ?? '').split('.').map(Number);
  return major < 2 || (major === 2 && minor < 11);
}

/** A limit in bytes that records can reach exactly. */
export function wholeLimit(bytes: number): number {
  return bytes - (bytes % UNIT);
}

/** Fills a message up so that its record is a multiple of the unit. */
export function toWholeRecord(data: Uint8Array, { subject, msgID }: { subject: string; msgID: string }): Uint8Array {
  const headers = `NATS/1.0\r\nNats-Msg-Id: ${msgID}\r\nNats-Expected-Stream: ${usageStream.name}\r\n\r\n`;
  const size = RECORD_BYTES + subject.length + headers.length + data.length;
  const whole = new Uint8Array(data.length + ((UNIT - (size % UNIT)) % UNIT)).fill(BLANK);
  whole.set(data);
  return whole;
}
