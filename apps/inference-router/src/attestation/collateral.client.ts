import { Injectable } from '@nestjs/common';
import type { MachineType, QuoteCollateral } from '@orgn/attestation';
import { RouterConfig } from '../config.ts';
import { AttestationMetrics } from './attestation.metrics.ts';
import type { FetchedText } from './fetch-text.client.ts';
import { fetchStatement } from './statement.client.ts';

const MOST_BYTES = 1_048_576;
const MOST_TYPES = 64;

interface Kept {
  collateral: QuoteCollateral;
  until: number;
}

/** Intel's statements about types of machines, from Intel or from a cache of the operator's, as the bytes that were served. */
@Injectable()
export class CollateralClient {
  readonly #kept = new Map<string, Kept>();

  constructor(
    private readonly config: RouterConfig,
    private readonly metrics: AttestationMetrics,
  ) {}

  /**
   * As young as a session may be, so that what Intel revokes counts as soon as sessions do. While Intel cannot be asked, the
   * last statements go on to count for as long as they say themselves, which every verification looks at.
   * @throws ServiceError `provider_unavailable`
   */
  async collateralFor({ fmspc, authority }: MachineType): Promise<QuoteCollateral> {
    const name = `${fmspc} ${authority}`;
    const kept = this.#kept.get(name);
    if (kept && kept.until > Date.now()) return kept.collateral;
    try {
      const collateral = await this.#fetch(fmspc, authority);
      if (this.#kept.size >= MOST_TYPES) this.#kept.clear();
      this.#kept.set(name, { collateral, until: Date.now() + this.config.ATTESTATION_MAX_AGE * 1000 });
      return collateral;
    } catch (error) {
      if (kept) return kept.collateral;
      throw error;
    }
  }

  /** Forgets what was kept: a verification failed, and newer statements may say why. */
  forget(): void {
    this.#kept.clear();
  }

  async #fetch(fmspc: string, authority: string): Promise<QuoteCollateral> {
    const at = this.config.PCS_URL;
    const [tcb, identity, pckCrl, rootCrl] = await Promise.all([
      this.#ask('tcb_info', `${at}/tdx/certification/v4/tcb?fmspc=${fmspc}`),
      this.#ask('qe_identity', `${at}/tdx/certification/v4/qe/identity`),
      this.#ask('pck_crl', `${at}/sgx/certification/v4/pckcrl?ca=${authority}&encoding=der`),
      this.#ask('root_crl', this.config.PCS_ROOT_CRL_URL),
    ]);
    return {
      tcb_info_issuer_chain: decodeURIComponent(tcb.header('tcb-info-issuer-chain')),
      tcb_info: signedText(tcb.text, 'tcbInfo'),
      tcb_info_signature: signatureIn(tcb.text),
      qe_identity_issuer_chain: decodeURIComponent(identity.header('sgx-enclave-identity-issuer-chain')),
      qe_identity: signedText(identity.text, 'enclaveIdentity'),
      qe_identity_signature: signatureIn(identity.text),
      pck_crl_issuer_chain: decodeURIComponent(pckCrl.header('sgx-pck-crl-issuer-chain')),
      pck_crl: pckCrl.bytes.toString('hex'),
      root_ca_crl: rootCrl.bytes.toString('hex'),
    };
  }

  #ask(what: string, url: string): Promise<FetchedText> {
    const absent = "Intel's statements about the enclave could not be fetched.";
    return fetchStatement(this.metrics, { what, url, absent, most: MOST_BYTES });
  }
}

/** The signed member of an answer, as the very text that was signed: `{"<name>":{…},"signature":"…"}`. */
function signedText(json: string, name: string): string {
  const start = json.indexOf(`"${name}":`);
  const end = json.lastIndexOf(',"signature"');
  return start < 0 || end < start ? '' : json.slice(start + name.length + 3, end).trim();
}

const signatureIn = (json: string): string => /"signature"\s*:\s*"([0-9a-fA-F]+)"/.exec(json)?.[1] ?? '';
