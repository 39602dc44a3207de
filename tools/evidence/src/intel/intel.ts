import { makeCertificate, type Certificate, type Issuer } from '../der/certificate.ts';
import { toPem } from '../der/der.ts';
import { makeRevocationList } from '../der/revocation-list.ts';
import { SigningKey } from '../der/signing-key.ts';
import { developmentRoots } from '../roots/development-roots.ts';
import { intelRoot } from '../roots/root-keys.ts';
import { sgxExtension, usualPlatform, type Platform } from './platform.ts';
import { makeQuote, type QuoteVersion } from './quote.ts';
import { qeIdentity } from './quoting-enclave.ts';
import { tcbInfo, type TcbStatus } from './tcb-info.ts';
import type { TdReportParts } from './td-report.ts';

const hour = 3_600_000;
const day = 24 * hour;

export interface IntelOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly platform?: Platform;
  /** In whose name it certifies; the development root unless said otherwise. */
  readonly root?: Issuer;
  /** Another machine, whose certificates come from the same authority. */
  readonly beside?: Intel;
}

/** A statement of Intel's as it is served: the exact text, its signature in hex, and who signed it. */
export interface SignedStatement {
  readonly text: string;
  readonly signature: string;
  readonly issuerChain: string;
}

/** Somebody who signs, with the certificate that says so. */
interface Party {
  readonly issuer: Issuer;
  readonly certificate: Certificate;
}

/** How a revocation list is bad. */
export type CrlFault = 'stale' | 'unsigned' | 'empty';

/** A maker of processors with one processor: issues certificates, statements and lists, and quotes about guests. */
export class Intel {
  readonly platform: Platform;
  readonly rootPem: string;
  private readonly now: () => number;
  private readonly root: Issuer;
  private readonly ca: Party;
  private readonly tcbSigner: Party;
  private readonly pck: Party;
  private readonly attestationKey = SigningKey.generate('P-256');

  constructor({ now, platform = usualPlatform, beside, ...options }: IntelOptions) {
    const root = options.root ?? beside?.root ?? intelRoot;
    this.now = now;
    this.platform = platform;
    this.root = root;
    this.rootPem =
      root === intelRoot ? toPem('CERTIFICATE', Buffer.from(developmentRoots.intel, 'base64')) : this.self(root);
    const authority = beside ? { ca: beside.ca, tcbSigner: beside.tcbSigner } : this.newAuthority(root);
    this.ca = authority.ca;
    this.tcbSigner = authority.tcbSigner;
    this.pck = this.party('Intel SGX PCK Certificate', this.ca.issuer, false, [sgxExtension(platform)]);
  }

  /** A quote about a guest, signed as the real thing is. */
  quote(guest: Omit<TdReportParts, 'teeTcbSvn'>, version: QuoteVersion = 4): Buffer {
    const parts = { ...guest, teeTcbSvn: Buffer.from(this.platform.teeTcbSvn) };
    const pckChain = `${this.pck.certificate.pem}${this.pckIssuerChain()}`;
    return makeQuote(parts, { attestationKey: this.attestationKey, pckKey: this.pck.issuer.key, pckChain }, version);
  }

  /** The answer of `/tdx/certification/v4/tcb`. */
  tcbInfo(status: TcbStatus = 'UpToDate'): SignedStatement {
    return this.sign({ id: 'TDX', version: 3, ...this.times(), ...tcbInfo(this.platform, status) });
  }

  /** The answer of `/tdx/certification/v4/qe/identity`; a forged one is signed by a stranger in the same name. */
  qeIdentity(isForged = false): SignedStatement {
    const { id, version, ...rest } = qeIdentity;
    const mrsigner = isForged ? 'AB'.repeat(32) : rest.mrsigner;
    const statement = { id, version, ...this.times(), ...rest, mrsigner };
    return this.sign(statement, isForged ? SigningKey.generate('P-256') : undefined);
  }

  /** The list of the processors' certificates, in DER; of no bytes when it is empty. */
  pckCrl(fault?: CrlFault, isPckRevoked = false): Buffer {
    return this.pckCrlOf(isPckRevoked ? [this.pckSerial] : [], fault);
  }

  /** The same of several machines under one authority. @param revoked serial numbers of certificates */
  pckCrlOf(revoked: readonly Uint8Array[], fault?: CrlFault): Buffer {
    return this.crl(this.ca.issuer, fault, revoked);
  }

  /** Of this machine's certificate. */
  get pckSerial(): Buffer {
    return this.pck.certificate.serial;
  }

  rootCrl(fault?: CrlFault): Buffer {
    return this.crl(this.root, fault, []);
  }

  /** In PEM: the authority of the processors' certificates, and the root. */
  pckIssuerChain(): string {
    return this.ca.certificate.pem + this.rootPem;
  }

  private sign(statement: object, key = this.tcbSigner.issuer.key): SignedStatement {
    const text = JSON.stringify(statement);
    const issuerChain = this.tcbSigner.certificate.pem + this.rootPem;
    return { text, signature: key.signRaw(Buffer.from(text)).toString('hex'), issuerChain };
  }

  private times(): { issueDate: string; nextUpdate: string } {
    return { issueDate: this.date(-hour), nextUpdate: this.date(29 * day) };
  }

  private date(fromNow: number): string {
    return new Date(this.now() + fromNow).toISOString().replace(/\.\d+/, '');
  }

  private crl(issuer: Issuer, fault: CrlFault | undefined, revoked: readonly Uint8Array[]): Buffer {
    if (fault === 'empty') return Buffer.alloc(0);
    const at = this.now() - (fault === 'stale' ? 60 * day : hour);
    const dates = { from: new Date(at), until: new Date(at + 30 * day) };
    const forger = fault === 'unsigned' ? { signedBy: SigningKey.generate('P-256') } : {};
    return makeRevocationList({ issuer, ...dates, revoked, ...forger });
  }

  private newAuthority(root: Issuer): { ca: Party; tcbSigner: Party } {
    const ca = this.party('Intel SGX PCK Platform CA', root, true);
    return { ca, tcbSigner: this.party('Intel SGX TCB Signing', root, false) };
  }

  private party(commonName: string, by: Issuer, isAuthority: boolean, extensions: readonly Buffer[] = []): Party {
    const issuer = { name: { commonName }, key: SigningKey.generate('P-256') };
    return { issuer, certificate: this.certify(issuer, by, isAuthority, extensions) };
  }

  private certify(
    party: Issuer,
    issuer: Issuer,
    isAuthority: boolean,
    extensions: readonly Buffer[] = [],
  ): Certificate {
    const [from, until] = [new Date(this.now() - 30 * day), new Date(this.now() + 365 * day)];
    return makeCertificate({ name: party.name, spki: party.key.spki, issuer, from, until, isAuthority, extensions });
  }

  private self(root: Issuer): string {
    return this.certify(root, root, true).pem;
  }
}
