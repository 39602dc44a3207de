import type { Fault } from './faults.ts';
import type { CollateralFaults } from './intel/collateral.ts';
import type { NrasFault } from './nvidia/nras.ts';

const collateral: Partial<Record<Fault, CollateralFaults>> = {
  tcb_out_of_date: { tcb: 'OutOfDate' },
  tcb_revoked: { tcb: 'Revoked' },
  stale_crl: { pckCrl: 'stale' },
  unsigned_crl: { pckCrl: 'unsigned' },
  empty_crl: { pckCrl: 'empty' },
  revoked_pck: { isPckRevoked: true },
  forged_qe_identity: { isQeIdentityForged: true },
};

/** What is wrong with Intel's statements under a fault. */
export function collateralFaultsOf(fault: Fault | undefined): CollateralFaults {
  return (fault && collateral[fault]) ?? {};
}

/** What is wrong with the tokens of NVIDIA's service under a fault. */
export function nrasFaultOf(fault: Fault | undefined): NrasFault | undefined {
  if (fault === 'nras_alg_none') return 'alg_none';
  return fault === 'expired_token' ? 'expired' : undefined;
}
