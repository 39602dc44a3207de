import { Malformed } from '../bytes/malformed.ts';
import type { JsonRecord } from '../bytes/json.ts';
import type { Crypto } from '../crypto/crypto-port.ts';
import { readAciReport } from './aci-report.ts';
import { readChutesReport, readTinfoilReport } from './other-reports.ts';
import { parseReport, readDstackReport, readGatewayReport, readProxyReport } from './proxy-report.ts';
import type { Report } from './report.ts';

/** What tells the forms apart, in the order in which it is looked for: some forms carry members of others. */
const marks: readonly (readonly [string, (report: JsonRecord, crypto: Crypto) => Report])[] = [
  ['attestation_type', readChutesReport],
  ['api_version', readVersioned],
  ['gateway_attestation', readGatewayReport],
  ['cpu', readTinfoilReport],
  ['signing_address', readProxyReport],
  ['e2e_pubkey', readChutesReport],
  ['quote', readDstackReport],
];

/** Reads a report by what it holds; the same URL may answer in any of the forms. @throws Malformed */
export function readReport(body: string, crypto: Crypto): Report {
  const report = parseReport(body);
  const mark = marks.find(([name]) => report[name] !== undefined && report[name] !== null);
  if (!mark) throw new Malformed('a report of an unknown form');
  return mark[1](report, crypto);
}

function readVersioned(report: JsonRecord, crypto: Crypto): Report {
  if (report.api_version === 'aci/1') return readAciReport(report, crypto);
  throw new Malformed('a report of an unknown version');
}
