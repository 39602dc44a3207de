import { hash } from 'node:crypto';
import type { TdMeasurements } from '../intel/td-report.ts';
import { bootEvents, replay, runtimeEvent, type LogEvent } from './event-log.ts';

/** What a guest runs, and who it is. */
export interface GuestParts {
  /** Of the application. */
  readonly name: string;
  /** The compose file of the application, as YAML. */
  readonly composeFile: string;
  /** Which of several guests of the same application. */
  readonly instance: string;
  readonly gpus: number;
}

/** A guest of dstack: an application in a TDX virtual machine, with what was measured of it. */
export interface Guest {
  readonly parts: GuestParts;
  readonly appCompose: string;
  /** 20 bytes in hex, like `instanceId`. */
  readonly appId: string;
  readonly instanceId: string;
  /** SHA-256 in hex, like `osImageHash`. */
  readonly composeHash: string;
  readonly osImageHash: string;
  readonly keyProvider: string;
  readonly vmConfig: string;
  readonly events: readonly LogEvent[];
  readonly measurements: TdMeasurements;
}

const osImageHash = hash('sha256', 'development image of dstack');
const mrTd = hash('sha384', 'development firmware of dstack', 'buffer');
const kms = hash('sha256', 'development key management of dstack');

/**
 * Starts a guest.
 * @param later what its application measures once the system is ready
 */
export function startGuest(parts: GuestParts, later: readonly LogEvent[] = []): Guest {
  const appCompose = composeOf(parts);
  const composeHash = hash('sha256', appCompose);
  const identity = { appId: id20(parts.name), instanceId: id20(`${parts.name} ${parts.instance}`), composeHash };
  const keyProvider = JSON.stringify({ name: 'kms', id: kms });
  const events = [...bootEvents, ...systemEvents({ ...identity, keyProvider }), ...later];
  return {
    parts,
    appCompose,
    ...identity,
    osImageHash,
    keyProvider,
    vmConfig: vmConfigOf(parts),
    events,
    measurements: {
      mrTd,
      mrConfigId: Buffer.concat([Buffer.from([1]), Buffer.from(composeHash, 'hex'), Buffer.alloc(15)]),
      rtmrs: [0, 1, 2, 3].map((imr) => replay(events, imr)),
    },
  };
}

function systemEvents(guest: Pick<Guest, 'appId' | 'composeHash' | 'instanceId' | 'keyProvider'>): LogEvent[] {
  const hex = (text: string) => Buffer.from(text, 'hex');
  return [
    runtimeEvent('system-preparing'),
    runtimeEvent('app-id', hex(guest.appId)),
    runtimeEvent('compose-hash', hex(guest.composeHash)),
    runtimeEvent('instance-id', hex(guest.instanceId)),
    runtimeEvent('boot-mr-done'),
    runtimeEvent('mr-kms', hex(kms)),
    runtimeEvent('os-image-hash', hex(osImageHash)),
    runtimeEvent('key-provider', guest.keyProvider),
    runtimeEvent('storage-fs', 'zfs'),
    runtimeEvent('system-ready'),
  ];
}

function composeOf({ name, composeFile }: GuestParts): string {
  return JSON.stringify({
    manifest_version: 2,
    name,
    runner: 'docker-compose',
    docker_compose_file: composeFile,
    kms_enabled: true,
    gateway_enabled: false,
    public_logs: false,
    public_sysinfo: true,
    no_instance_id: false,
  });
}

function vmConfigOf({ gpus }: GuestParts): string {
  return JSON.stringify({
    spec_version: 1,
    os_image_hash: osImageHash,
    cpu_count: 64,
    memory_size: 2_199_023_255_552,
    qemu_version: '9.2.1',
    num_gpus: gpus,
    num_nvswitches: gpus > 1 ? 4 : 0,
    hotplug_off: true,
    image: 'dstack-nvidia-0.5.5',
  });
}

function id20(text: string): string {
  return hash('sha256', text).slice(0, 40);
}
