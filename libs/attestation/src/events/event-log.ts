import { concat, equalBytes, fromHex, toHex, utf8, type Bytes } from '../bytes/bytes.ts';
import { integer, list, record, text, unwrapped } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import type { Crypto } from '../crypto/crypto-port.ts';

/** One event that was measured into a register (IMR 0 to 3 is RTMR 0 to 3). */
export interface BootEvent {
  readonly imr: number;
  readonly type: number;
  readonly name: string;
  readonly payload: Bytes;
  /** As it was stated; empty when it was not. */
  readonly digest: Bytes;
}

/** Events of dstack itself: their digest is that of what they say. */
export const runtimeEvent = 0x0800_0001;

const mostEvents = 2000;
const largestLog = 2_097_152;

/** A boot log, as a list or as a text that holds one. @throws Malformed */
export function readEventLog(value: unknown): BootEvent[] {
  return list(unwrapped(value, largestLog), 'event_log', mostEvents).map((one) => {
    const event = record(one, 'an event');
    const imr = integer(event.imr, 'imr');
    if (imr < 0 || imr > 3) throw new Malformed('an event of an unknown register');
    const digest = fromHex(text(event.digest ?? '', 'digest'));
    if (digest.length !== 0 && digest.length !== 48) throw new Malformed('an event with an odd digest');
    return {
      imr,
      type: integer(event.event_type, 'event_type') >>> 0,
      name: text(event.event ?? '', 'event'),
      payload: fromHex(text(event.event_payload ?? '', 'event_payload')),
      digest,
    };
  });
}

function typeBytes(type: number): Bytes {
  return Uint8Array.of(type & 0xff, (type >>> 8) & 0xff, (type >>> 16) & 0xff, type >>> 24);
}

/** What dstack measures of an event of its own: SHA-384 of type, name and payload. */
export const runtimeDigest = ({ type, name, payload }: BootEvent, crypto: Crypto): Bytes =>
  crypto.sha384(concat(typeBytes(type), utf8(':'), utf8(name), utf8(':'), payload));

/**
 * The digest that an event must have been measured with. An event of dstack's has the digest of its content, whatever is stated
 * (some senders state none); of others only the digest is known. Null when there is none.
 */
export function digestOf(event: BootEvent, crypto: Crypto): Bytes | null {
  if (event.type === runtimeEvent) return runtimeDigest(event, crypto);
  return event.digest.length === 48 ? event.digest : null;
}

/** What is wrong with the digests that a log states; null when nothing is. */
export function digestFault(events: readonly BootEvent[], crypto: Crypto): string | null {
  for (const event of events) {
    const digest = digestOf(event, crypto);
    if (digest === null) return `an event of register ${event.imr} has no digest`;
    if (event.digest.length > 0 && !equalBytes(digest, event.digest)) {
      return `an event of register ${event.imr} has another digest than its content`;
    }
  }
  return null;
}

/** The registers as the log makes them: each begins with zeros and is extended event by event. */
export function replay(events: readonly BootEvent[], crypto: Crypto): string[] {
  const registers = Array.from({ length: 4 }, () => new Uint8Array(48));
  for (const event of events) {
    const register = registers[event.imr] ?? new Uint8Array(48);
    registers[event.imr] = crypto.sha384(concat(register, digestOf(event, crypto) ?? new Uint8Array(48)));
  }
  return registers.map(toHex);
}
