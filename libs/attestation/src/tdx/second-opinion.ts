// Not `node:buffer`: browsers have the package of this name, which the library asks for too.
import { Buffer } from 'buffer';
import { QuoteVerifier } from '@phala/dcap-qvl';
import type { Bytes } from '../bytes/bytes.ts';
import type { Check } from '../checks/check.ts';
import { judged } from '../checks/judge.ts';
import type { QuoteCollateral } from '../evidence/evidence.ts';
import type { TrustAnchor } from '../policy/trust-roots.ts';

/** Only what the library must know: a chain that came along could override the quote's. */
const known = (from: QuoteCollateral): QuoteCollateral => ({
  pck_crl_issuer_chain: from.pck_crl_issuer_chain,
  root_ca_crl: from.root_ca_crl,
  pck_crl: from.pck_crl,
  tcb_info_issuer_chain: from.tcb_info_issuer_chain,
  tcb_info: from.tcb_info,
  tcb_info_signature: from.tcb_info_signature,
  qe_identity_issuer_chain: from.qe_identity_issuer_chain,
  qe_identity: from.qe_identity,
  qe_identity_signature: from.qe_identity_signature,
});

/** What dcap-qvl says of the same quote under the same root. It throws anything at what it does not like. */
export function libraryCheck(quote: Bytes, from: QuoteCollateral, anchor: TrustAnchor, at: number): Check {
  let fault: string | null = null;
  try {
    QuoteVerifier.newWithRootCa(Buffer.from(anchor.der, 'base64')).verify(quote, known(from), Math.floor(at / 1000));
  } catch {
    fault = 'dcap-qvl refuses the quote';
  }
  return judged('quote_library', 'verifier_derived', fault, 'dcap-qvl accepts the quote');
}
