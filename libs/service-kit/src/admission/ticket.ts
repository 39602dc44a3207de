import { createHash, createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import type { Admission } from './admission.ts';
import type { AdmissionKeys } from './admission-keys.ts';
import { fromText, toText } from './admission-text.ts';

/** Why a ticket is no good. `unknown_kid`: made with a key that this process does not have. */
export type TicketFault = 'malformed' | 'unknown_kid' | 'forged';

/** Longest stub that is looked at, in characters. */
const MAX_STUB = 1_024;
const MAC_LENGTH = 43;
const MAC = /^[A-Za-z0-9_-]{43}$/;

/**
 * Makes a ticket: `<kid>.<values>.<HMAC-SHA-256>`, and `~<models>` behind it where the key is limited to some. About 2 us.
 * @param models that the key is limited to; null: every one
 * @throws RangeError when a value is not of its form
 */
export function mintTicket([{ kid, key }]: AdmissionKeys, admission: Admission, models: string[] | null): string {
  const list = models === null ? null : models.join(',');
  const text = toText(kid, admission, list === null ? null : digestOf(list));
  const stub = `${text}.${macOf(key, text)}`;
  return list === null ? stub : `${stub}~${list}`;
}

/**
 * Reads the stub of a ticket: what was admitted, but for the list of models. Says nothing of its age.
 * @returns why it is no good, or what it proves
 */
export function readStub(keys: AdmissionKeys, stub: string): Admission | TicketFault {
  const read = readSigned(keys, stub);
  return typeof read === 'string' ? read : read.admission;
}

/** Reads a whole ticket, with the models that the key is limited to; null: every one. */
export function readTicket(
  keys: AdmissionKeys,
  ticket: string,
): { admission: Admission; models: string[] | null } | TicketFault {
  const mark = ticket.indexOf('~');
  const read = readSigned(keys, mark < 0 ? ticket : ticket.slice(0, mark));
  if (typeof read === 'string') return read;
  const list = mark < 0 ? null : ticket.slice(mark + 1);
  // A list that was taken off would lift the restriction.
  if (read.listDigest !== (list === null ? null : digestOf(list))) return 'forged';
  return { admission: read.admission, models: list === null ? null : list.split(',') };
}

function readSigned(keys: AdmissionKeys, stub: string): Exclude<ReturnType<typeof fromText>, undefined> | TicketFault {
  const macAt = stub.length - MAC_LENGTH;
  const mac = stub.slice(-MAC_LENGTH);
  if (stub.length > MAX_STUB || stub[macAt - 1] !== '.' || !MAC.test(mac)) return 'malformed';
  const text = stub.slice(0, macAt - 1);
  const parts = text.split('.');
  const found = keys.find(({ kid }) => kid === parts[0]);
  if (!found) return 'unknown_kid';
  if (!isSame(macOf(found.key, text), mac)) return 'forged';
  return fromText(parts) ?? 'malformed';
}

function macOf(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

function digestOf(list: string): string {
  return createHash('sha256').update(list).digest('base64url');
}

/** Compares two texts of plain characters in time that does not depend on where the texts differ. */
function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one, 'latin1'), Buffer.from(other, 'latin1'));
}
