/** What Intel says its quoting enclave for TDX is, and the report of one that is that. */
const mrSigner = 'dc9e2a7c6f948f17474e34a7fc43ed030f7c1563f1babddf6340c82e0e54a8c5';
const productId = 2;
const securityVersion = 4;

/**
 * The quoting enclave's own report: 384 bytes.
 * @param boundDigest what it vouches for: the digest of the attestation key with the authentication data
 */
export function qeReport(boundDigest: Buffer): Buffer {
  const report = Buffer.alloc(384);
  // Attributes: initialised and 64 bit, no debug.
  report.write('1500000000000000e700000000000000', 48, 'hex');
  report.fill(0x51, 64, 96);
  report.write(mrSigner, 128, 'hex');
  report.writeUInt16LE(productId, 256);
  report.writeUInt16LE(securityVersion, 258);
  boundDigest.copy(report, 320);
  return report;
}

/** Intel's statement about it, without its times. */
export const qeIdentity = {
  id: 'TD_QE',
  version: 2,
  tcbEvaluationDataNumber: 19,
  miscselect: '00000000',
  miscselectMask: 'FFFFFFFF',
  attributes: '11000000000000000000000000000000',
  attributesMask: 'FBFFFFFFFFFFFFFF0000000000000000',
  mrsigner: mrSigner.toUpperCase(),
  isvprodid: productId,
  tcbLevels: [{ tcb: { isvsvn: securityVersion }, tcbDate: '2025-05-14T00:00:00Z', tcbStatus: 'UpToDate' }],
} as const;
