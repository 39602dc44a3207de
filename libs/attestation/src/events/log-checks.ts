import { isZero, toHex, utf8 } from '../bytes/bytes.ts';
import type { CheckId } from '../checks/check-ids.ts';
import type { Check } from '../checks/check.ts';
import { judged, notMade } from '../checks/judge.ts';
import type { Measurements, MeasurementRule } from '../policy/measurement-rule.ts';
import type { Verification } from '../policy/verification.ts';
import type { TdReport } from '../tdx/quote.ts';
import { digestFault, replay, type BootEvent } from './event-log.ts';
import { namesFault, payloadHex, payloadText, softwareNames } from './software-events.ts';

export const logIds: readonly CheckId[] = ['event_digests', 'event_log_replay', 'events_unique', 'compose_hash'];

/** What a report shows of the software in a trust domain. */
export interface ShownSoftware {
  readonly events: readonly BootEvent[];
  readonly appCompose: string | null;
  /** The hash that the report states beside; null when it states none. */
  readonly composeHash: string | null;
}

const imageDigest = /sha256:[0-9a-f]{64}/g;

/** What was measured, in words: the quote's registers, and what the log's events say. */
export function measurementsOf(report: TdReport, shown: ShownSoftware): Measurements {
  const named = softwareNames(shown.events);
  const [rtmr0, rtmr1, rtmr2, rtmr3] = report.rtmrs;
  return {
    mrtd: toHex(report.mrTd),
    rtmr0: toHex(rtmr0),
    rtmr1: toHex(rtmr1),
    rtmr2: toHex(rtmr2),
    rtmr3: toHex(rtmr3),
    mrSeam: toHex(report.mrSeam),
    mrConfigId: toHex(report.mrConfigId),
    appId: payloadHex(named, 'app-id'),
    instanceId: payloadHex(named, 'instance-id'),
    composeHash: payloadHex(named, 'compose-hash'),
    osImageHash: payloadHex(named, 'os-image-hash'),
    keyProvider: payloadText(named, 'key-provider'),
    mrKms: payloadHex(named, 'mr-kms'),
    imageDigests: [...new Set((shown.appCompose ?? '').match(imageDigest) ?? [])].toSorted(),
  };
}

function replayFault({ events }: ShownSoftware, report: TdReport, { crypto }: Verification): string | null {
  const registers = replay(events, crypto);
  const wrong = registers.findIndex((register, at) => register !== toHex(report.rtmrs[at] ?? new Uint8Array(0)));
  return wrong < 0 ? null : `register ${wrong} is not what the log makes of it`;
}

/** The hash in the quote, in the measured event and of the file itself. A quote may leave its place empty; an event may not. */
function composeCheck(shown: ShownSoftware, report: TdReport, { crypto }: Verification): Check {
  const inEvent = payloadHex(softwareNames(shown.events), 'compose-hash');
  if (shown.appCompose === null) return notMade(['compose_hash'], 'the report shows no compose file')[0] as Check;
  const ofFile = toHex(crypto.sha256(utf8(shown.appCompose)));
  const configId = toHex(report.mrConfigId);
  const inQuote = isZero(report.mrConfigId) || configId === `01${ofFile}${'0'.repeat(30)}`;
  const fault =
    inEvent !== ofFile
      ? 'the boot log names another compose file'
      : !inQuote
        ? 'the quote names another compose file'
        : (shown.composeHash ?? ofFile).toLowerCase() !== ofFile
          ? 'the report states another hash'
          : null;
  const good = `${ofFile}${isZero(report.mrConfigId) ? ' (mr_config_id is empty)' : ''}`;
  return judged('compose_hash', 'hardware_proven', fault, good);
}

export function logChecks(shown: ShownSoftware, report: TdReport, given: Verification): Check[] {
  const digests = digestFault(shown.events, given.crypto);
  const count = `${shown.events.length} events`;
  return [
    judged('event_digests', 'verifier_derived', digests, count),
    judged('event_log_replay', 'hardware_proven', replayFault(shown, report, given), `${count} make the registers`),
    judged(
      'events_unique',
      'verifier_derived',
      namesFault(shown.events),
      'each name once, before the system was ready',
    ),
    composeCheck(shown, report, given),
  ];
}

function isMember(name: string): name is keyof Measurements {
  return name !== 'name';
}

function satisfies(measured: Measurements, rule: MeasurementRule): boolean {
  return Object.entries(rule).every(([name, expected]) => {
    if (!isMember(name) || expected === undefined) return true;
    if (name !== 'imageDigests') return measured[name] === expected;
    return measured.imageDigests.every((digest) => rule.imageDigests?.includes(digest));
  });
}

/** Whether one of the policy's rules holds. A policy without rules approves nothing, and the check is not made. */
export function measurementCheck(measured: Measurements, { policy }: Verification): Check {
  if (policy.measurements.length === 0) {
    return notMade(['measurements'], 'nobody has approved any measurement')[0] as Check;
  }
  const rule = policy.measurements.find((one) => satisfies(measured, one));
  const fault = rule ? null : `nobody approved ${measured.composeHash ?? measured.mrtd}`;
  return judged('measurements', 'operator_asserted', fault, `approved as ${rule?.name ?? ''}`);
}
