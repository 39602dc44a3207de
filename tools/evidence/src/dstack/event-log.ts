import { hash } from 'node:crypto';

/** One entry of a guest's log: what was measured into which of the four runtime registers. */
export interface LogEvent {
  readonly imr: number;
  readonly event_type: number;
  /** SHA-384 in hex; some proxies leave it empty for events of the guest's own. */
  readonly digest: string;
  readonly event: string;
  /** Hex. */
  readonly event_payload: string;
}

/** The type of what dstack itself measures into register 3. */
const dstackEvent = 0x0800_0001;

/** What firmware and kernel measure while they start: the same at each start of the same image. */
export const bootEvents: readonly LogEvent[] = [
  bootEvent(0, 0x8000_000b, 'td hand-off block'),
  bootEvent(0, 0x8000_000a, 'firmware volume'),
  bootEvent(0, 4, 'separator'),
  bootEvent(0, 10, 'ACPI DATA'),
  bootEvent(1, 0x8000_0003, 'kernel image'),
  bootEvent(1, 0x8000_0007, 'Calling EFI Application from Boot Option'),
  bootEvent(1, 4, 'separator'),
  bootEvent(2, 6, 'kernel command line'),
  bootEvent(2, 6, 'initial memory disk'),
];

/** An event of dstack's, with its digest: over type, name and payload. */
export function runtimeEvent(name: string, payload: Buffer | string = ''): LogEvent {
  const bytes = Buffer.from(payload);
  const type = Buffer.alloc(4);
  type.writeUInt32LE(dstackEvent);
  const digest = hash('sha384', Buffer.concat([type, Buffer.from(`:${name}:`), bytes]));
  return { imr: 3, event_type: dstackEvent, digest, event: name, event_payload: bytes.toString('hex') };
}

/** What a register holds after the events that were measured into it: 48 bytes. */
export function replay(events: readonly LogEvent[], imr: number): Buffer {
  return events
    .filter((event) => event.imr === imr)
    .reduce<Buffer>((register, { digest }) => extend(register, Buffer.from(digest, 'hex')), Buffer.alloc(48));
}

function extend(register: Buffer, digest: Buffer): Buffer {
  return hash('sha384', Buffer.concat([register, digest]), 'buffer');
}

function bootEvent(imr: number, type: number, what: string): LogEvent {
  const payload = Buffer.from(what);
  return { imr, event_type: type, digest: hash('sha384', payload), event: '', event_payload: payload.toString('hex') };
}
