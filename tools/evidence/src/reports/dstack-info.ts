import { hash } from 'node:crypto';
import type { LogEvent } from '../dstack/event-log.ts';
import type { Guest } from '../dstack/guest.ts';
import type { Fault } from '../faults.ts';

/** The boot log as it is served. */
export function eventLogUnder(fault: Fault | undefined, { events }: Guest): readonly LogEvent[] {
  if (fault === 'empty_digests') return events.map((event) => (event.imr === 3 ? { ...event, digest: '' } : event));
  if (fault !== 'tampered_event_log') return events;
  const untrue = hash('sha256', 'an image that was never measured');
  return events.map((event) => (event.event === 'os-image-hash' ? { ...event, event_payload: untrue } : event));
}

/** What a guest says of itself beside its quote. */
export function dstackInfo(guest: Guest, events: readonly LogEvent[]): object {
  const [rtmr0, rtmr1, rtmr2, rtmr3] = guest.measurements.rtmrs.map((register) => register.toString('hex'));
  return {
    app_id: guest.appId,
    app_name: guest.parts.name,
    instance_id: guest.instanceId,
    device_id: hash('sha256', 'development device'),
    compose_hash: guest.composeHash,
    os_image_hash: guest.osImageHash,
    mr_aggregated: hash('sha256', Buffer.concat([guest.measurements.mrTd, ...guest.measurements.rtmrs])),
    key_provider_info: guest.keyProvider,
    vm_config: guest.vmConfig,
    tcb_info: {
      app_compose: guest.appCompose,
      compose_hash: guest.composeHash,
      device_id: hash('sha256', 'development device'),
      event_log: events,
      mrtd: guest.measurements.mrTd.toString('hex'),
      os_image_hash: guest.osImageHash,
      ...{ rtmr0, rtmr1, rtmr2, rtmr3 },
    },
  };
}
