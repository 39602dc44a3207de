import { fromUtf8, toHex } from '../bytes/bytes.ts';
import { Malformed } from '../bytes/malformed.ts';
import { runtimeEvent, type BootEvent } from './event-log.ts';

/** Events by which dstack names what it starts. After the last of them, whatever runs may append events of its own. */
const softwareEvents = [
  'system-preparing',
  'app-id',
  'compose-hash',
  'instance-id',
  'boot-mr-done',
  'mr-kms',
  'os-image-hash',
  'key-provider',
  'storage-fs',
  'system-ready',
];

const isSoftware = ({ imr, type, name }: BootEvent): boolean =>
  imr === 3 && type === runtimeEvent && softwareEvents.includes(name);

/**
 * What is wrong with the names of a log's events; null when nothing is. A name that dstack uses may stand once in the whole log,
 * so that no application can name another software than was started, and only before the system was ready.
 */
export function namesFault(events: readonly BootEvent[]): string | null {
  const names = events.filter(isSoftware).map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice) return `the event ${twice} occurs twice`;
  if (!names.includes('system-ready')) return 'the log does not say when the system was ready';
  return names.at(-1) === 'system-ready' ? null : `the event ${names.at(-1) ?? ''} follows when the system was ready`;
}

/** Payloads of the software's events before the system was ready, by name; the first of a name counts. */
export function softwareNames(events: readonly BootEvent[]): Map<string, Uint8Array> {
  const named = new Map<string, Uint8Array>();
  for (const event of events) {
    if (!isSoftware(event)) continue;
    if (!named.has(event.name)) named.set(event.name, event.payload);
    if (event.name === 'system-ready') break;
  }
  return named;
}

/** A payload as hex; null when the event is not there or says nothing. */
export const payloadHex = (named: ReadonlyMap<string, Uint8Array>, name: string): string | null => {
  const payload = named.get(name);
  return payload && payload.length > 0 ? toHex(payload) : null;
};

/** A payload that is text, such as the key provider's JSON. */
export function payloadText(named: ReadonlyMap<string, Uint8Array>, name: string): string | null {
  const payload = named.get(name);
  if (!payload || payload.length === 0) return null;
  try {
    return fromUtf8(payload);
  } catch (error) {
    if (error instanceof Malformed) return toHex(payload);
    throw error;
  }
}
