import { fromHex } from '../bytes/bytes.ts';
import { integer, list, parseJson, record, text, type JsonRecord } from '../bytes/json.ts';
import { Malformed } from '../bytes/malformed.ts';
import { tcbStatuses, type TcbStatus } from '../policy/policy.ts';

/** A patch level and what Intel says of it. */
export interface TcbLevel {
  readonly status: TcbStatus;
  readonly advisories: readonly string[];
}
export interface IsvLevel extends TcbLevel {
  readonly isvSvn: number;
}
export interface PlatformLevel extends TcbLevel {
  readonly sgx: readonly number[];
  readonly tdx: readonly number[];
  readonly pceSvn: number;
}

/** Who signed a TDX module, and which of its attributes must be what. */
export interface ModuleIdentity {
  readonly id: string;
  readonly mrSigner: Uint8Array;
  readonly attributes: Uint8Array;
  readonly attributesMask: Uint8Array;
  readonly levels: readonly IsvLevel[];
}

/** How long a statement holds, in milliseconds since 1970, and of which round of evaluation it is. */
export interface Validity {
  readonly issued: number;
  readonly nextUpdate: number;
  readonly evaluation: number;
}

export interface TcbInfo extends Validity {
  readonly fmspc: string;
  readonly pceId: string;
  readonly module: ModuleIdentity | null;
  readonly moduleIdentities: readonly ModuleIdentity[];
  readonly levels: readonly PlatformLevel[];
}

export interface QeIdentity extends Validity {
  readonly miscSelect: Uint8Array;
  readonly miscSelectMask: Uint8Array;
  readonly attributes: Uint8Array;
  readonly attributesMask: Uint8Array;
  readonly mrSigner: Uint8Array;
  readonly isvProdId: number;
  readonly levels: readonly IsvLevel[];
}

const largestStatement = 262_144;
const mostLevels = 256;

function time(value: unknown): number {
  const read = Date.parse(text(value, 'a time'));
  if (!Number.isFinite(read)) throw new Malformed('a statement with an odd time');
  return read;
}

const validityOf = (statement: JsonRecord): Validity => ({
  issued: time(statement.issueDate),
  nextUpdate: time(statement.nextUpdate),
  evaluation: integer(statement.tcbEvaluationDataNumber, 'tcbEvaluationDataNumber'),
});

const hex = (value: unknown, what: string): Uint8Array => fromHex(text(value, what));

function levelOf(level: JsonRecord): TcbLevel {
  const status = text(level.tcbStatus, 'tcbStatus');
  const known = tcbStatuses.find((one) => one === status);
  if (!known) throw new Malformed('a patch level with an unknown status');
  const advisories = level.advisoryIDs === undefined ? [] : list(level.advisoryIDs, 'advisoryIDs', 256);
  return { status: known, advisories: advisories.map((id) => text(id, 'an advisory').slice(0, 40)) };
}

const isvLevels = (levels: unknown): IsvLevel[] =>
  list(levels, 'tcbLevels', mostLevels).map((value) => {
    const level = record(value, 'a level');
    return { ...levelOf(level), isvSvn: integer(record(level.tcb, 'tcb').isvsvn, 'isvsvn') };
  });

function components(value: unknown): number[] {
  const svns = list(value, 'components', 16).map((one) => integer(record(one, 'a component').svn, 'svn'));
  if (svns.length !== 16) throw new Malformed('a patch level with too few components');
  return svns;
}

function platformLevel(value: unknown): PlatformLevel {
  const level = record(value, 'a level');
  const tcb = record(level.tcb, 'tcb');
  return {
    ...levelOf(level),
    sgx: components(tcb.sgxtcbcomponents),
    tdx: components(tcb.tdxtcbcomponents),
    pceSvn: integer(tcb.pcesvn, 'pcesvn'),
  };
}

function moduleOf(value: unknown): ModuleIdentity {
  const module = record(value, 'a module');
  return {
    id: module.id === undefined ? '' : text(module.id, 'id'),
    mrSigner: hex(module.mrsigner, 'mrsigner'),
    attributes: hex(module.attributes, 'attributes'),
    attributesMask: hex(module.attributesMask, 'attributesMask'),
    levels: module.tcbLevels === undefined ? [] : isvLevels(module.tcbLevels),
  };
}

/** Intel's statement about machines of one type, of version 3, for TDX. @throws Malformed */
export function readTcbInfo(json: string): TcbInfo {
  const info = record(parseJson(json, largestStatement), 'tcb_info');
  if (info.id !== 'TDX' || info.version !== 3) throw new Malformed('a statement that is not about TDX');
  return {
    ...validityOf(info),
    fmspc: text(info.fmspc, 'fmspc').toLowerCase(),
    pceId: text(info.pceId, 'pceId').toLowerCase(),
    module: info.tdxModule === undefined ? null : moduleOf(info.tdxModule),
    moduleIdentities: list(info.tdxModuleIdentities ?? [], 'tdxModuleIdentities', 64).map(moduleOf),
    levels: list(info.tcbLevels, 'tcbLevels', mostLevels).map(platformLevel),
  };
}

/** Intel's statement about the quoting enclave for TDX. @throws Malformed */
export function readQeIdentity(json: string): QeIdentity {
  const identity = record(parseJson(json, largestStatement), 'qe_identity');
  if (identity.id !== 'TD_QE' || (identity.version !== 2 && identity.version !== 3)) {
    throw new Malformed('an identity of another enclave');
  }
  return {
    ...validityOf(identity),
    miscSelect: hex(identity.miscselect, 'miscselect'),
    miscSelectMask: hex(identity.miscselectMask, 'miscselectMask'),
    attributes: hex(identity.attributes, 'attributes'),
    attributesMask: hex(identity.attributesMask, 'attributesMask'),
    mrSigner: hex(identity.mrsigner, 'mrsigner'),
    isvProdId: integer(identity.isvprodid, 'isvprodid'),
    levels: isvLevels(identity.tcbLevels),
  };
}
