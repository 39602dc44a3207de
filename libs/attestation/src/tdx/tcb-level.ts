import { equalBytes } from '../bytes/bytes.ts';
import { tcbStatuses, type TcbStatus } from '../policy/policy.ts';
import type { IsvLevel, ModuleIdentity, QeIdentity, TcbInfo, TcbLevel } from './intel-statements.ts';
import type { PckExtension } from './pck-extension.ts';
import type { EnclaveReport, TdReport } from './quote.ts';

const reached = (have: readonly number[], need: readonly number[], from = 0): boolean =>
  need.every((svn, at) => at < from || (have[at] ?? -1) >= svn);

/** Equal where the mask has ones. */
export const equalUnder = (mask: Uint8Array, one: Uint8Array, other: Uint8Array): boolean =>
  one.length === mask.length &&
  other.length === mask.length &&
  mask.every((bits, at) => ((one[at] ?? 0) & bits) === ((other[at] ?? 0) & bits));

const firstReached = (levels: readonly IsvLevel[], isvSvn: number): TcbLevel | null =>
  levels.find((level) => isvSvn >= level.isvSvn) ?? null;

const moduleVersion = (report: TdReport): number => report.teeTcbSvn[1] ?? 0;

/** The level of the machine: the first of Intel's list that everything in it has reached. */
function platformLevel(info: TcbInfo, pck: PckExtension, report: TdReport): TcbLevel | null {
  // From version 1 on the module is judged by an identity of its own, and the first two components are its.
  const from = moduleVersion(report) > 0 ? 2 : 0;
  const tdx = Array.from(report.teeTcbSvn);
  const found = info.levels.find(
    (level) => reached(pck.cpuSvn, level.sgx) && pck.pceSvn >= level.pceSvn && reached(tdx, level.tdx, from),
  );
  return found ?? null;
}

/** The identity that the TDX module of a report must have; null when Intel names none for its version. */
export function moduleIdentityFor(info: TcbInfo, report: TdReport): ModuleIdentity | null {
  const version = moduleVersion(report);
  if (version === 0) return info.module;
  const id = `TDX_${version.toString(16).padStart(2, '0')}`;
  return info.moduleIdentities.find((one) => one.id.toUpperCase() === id.toUpperCase()) ?? null;
}

/** Whether the module is the one that Intel names: its signer, and its attributes where they matter. */
export const isModule = (identity: ModuleIdentity, report: TdReport): boolean =>
  equalBytes(identity.mrSigner, report.mrSignerSeam) &&
  equalUnder(identity.attributesMask, identity.attributes, report.seamAttributes);

const severity = (status: TcbStatus): number => tcbStatuses.indexOf(status);

/** Both together: the worse, and out of date in one with a configuration needed in the other is both. */
function together(one: TcbLevel, other: TcbLevel): TcbLevel {
  const [worse, better] = severity(one.status) >= severity(other.status) ? [one, other] : [other, one];
  const both = worse.status === 'OutOfDate' && better.status.startsWith('Configuration');
  return {
    status: both ? 'OutOfDateConfigurationNeeded' : worse.status,
    advisories: [...new Set([...one.advisories, ...other.advisories])].toSorted(),
  };
}

export interface Levels {
  readonly info: TcbInfo;
  readonly identity: QeIdentity;
  readonly pck: PckExtension;
  readonly report: TdReport;
  readonly qeReport: EnclaveReport;
}

/**
 * The level of machine, TDX module and quoting enclave together, as Intel's verification library computes it; a text says why
 * there is none.
 */
export function tcbLevelOf({ info, identity, pck, report, qeReport }: Levels): TcbLevel | string {
  const platform = platformLevel(info, pck, report);
  if (!platform) return 'the machine has reached no patch level that Intel lists';
  const enclave = firstReached(identity.levels, qeReport.isvSvn);
  if (!enclave) return 'the quoting enclave has reached no patch level that Intel lists';
  const withEnclave = together(platform, enclave);
  return moduleVersion(report) === 0 ? withEnclave : withModule(withEnclave, info, report);
}

function withModule(withEnclave: TcbLevel, info: TcbInfo, report: TdReport): TcbLevel | string {
  const module = firstReached(moduleIdentityFor(info, report)?.levels ?? [], report.teeTcbSvn[0] ?? 0);
  return module ? together(withEnclave, module) : 'the TDX module has reached no patch level that Intel lists';
}
