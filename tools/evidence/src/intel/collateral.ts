import type { CrlFault, Intel } from './intel.ts';
import type { TcbStatus } from './tcb-info.ts';

/** Everything that a quote is checked by, in the form of dcap-qvl. Lists and signatures are hex. */
export interface Collateral {
  readonly tcb_info: string;
  readonly tcb_info_signature: string;
  readonly tcb_info_issuer_chain: string;
  readonly qe_identity: string;
  readonly qe_identity_signature: string;
  readonly qe_identity_issuer_chain: string;
  readonly pck_crl: string;
  readonly pck_crl_issuer_chain: string;
  readonly root_ca_crl: string;
}

/** What is wrong with it. */
export interface CollateralFaults {
  readonly tcb?: TcbStatus;
  readonly pckCrl?: CrlFault;
  readonly rootCrl?: CrlFault;
  readonly isPckRevoked?: boolean;
  readonly isQeIdentityForged?: boolean;
}

export function collateralOf(intel: Intel, faults: CollateralFaults = {}): Collateral {
  const [tcb, qe] = [intel.tcbInfo(faults.tcb), intel.qeIdentity(faults.isQeIdentityForged)];
  return {
    tcb_info: tcb.text,
    tcb_info_signature: tcb.signature,
    tcb_info_issuer_chain: tcb.issuerChain,
    qe_identity: qe.text,
    qe_identity_signature: qe.signature,
    qe_identity_issuer_chain: qe.issuerChain,
    pck_crl: intel.pckCrl(faults.pckCrl, faults.isPckRevoked).toString('hex'),
    pck_crl_issuer_chain: intel.pckIssuerChain(),
    root_ca_crl: intel.rootCrl(faults.rootCrl).toString('hex'),
  };
}
