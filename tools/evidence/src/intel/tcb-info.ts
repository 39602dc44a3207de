import type { Platform } from './platform.ts';

/** What Intel says of the patch level that a platform stands at. */
export type TcbStatus = 'UpToDate' | 'SWHardeningNeeded' | 'OutOfDate' | 'Revoked';

const noBits = '0'.repeat(16);
const allBits = 'F'.repeat(16);
const intelItself = '0'.repeat(96);

/** Intel's statement about the patch levels of a family of processors, without its times. */
export function tcbInfo(platform: Platform, status: TcbStatus): object {
  return {
    fmspc: platform.fmspc.toString('hex'),
    pceId: platform.pceId.toString('hex'),
    tcbType: 0,
    tcbEvaluationDataNumber: 19,
    tdxModule: { mrsigner: intelItself, attributes: noBits, attributesMask: allBits },
    tdxModuleIdentities: [
      {
        id: 'TDX_01',
        mrsigner: intelItself,
        attributes: noBits,
        attributesMask: allBits,
        tcbLevels: [{ tcb: { isvsvn: 6 }, tcbDate: '2025-05-14T00:00:00Z', tcbStatus: 'UpToDate' }],
      },
    ],
    tcbLevels:
      status === 'UpToDate'
        ? [level(platform, 0, status)]
        : [level(platform, 1, 'UpToDate'), level(platform, 0, status)],
  };
}

/** @param ahead by how much every component is above the platform's: a level that it does not reach */
function level({ cpuSvn, pceSvn, teeTcbSvn }: Platform, ahead: number, tcbStatus: TcbStatus): object {
  const components = (svns: readonly number[]) => svns.map((svn) => ({ svn: svn === 0 ? 0 : svn + ahead }));
  return {
    tcb: { sgxtcbcomponents: components(cpuSvn), pcesvn: pceSvn, tdxtcbcomponents: components(teeTcbSvn) },
    tcbDate: '2025-05-14T00:00:00Z',
    tcbStatus,
    ...(tcbStatus === 'UpToDate' ? {} : { advisoryIDs: ['INTEL-SA-01036'] }),
  };
}
