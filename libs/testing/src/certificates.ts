import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificates } from '@orgn/stack/certificates/certificate-folder.mjs';

/** An authority of a test's own, and the certificates that it gives to the parties of a deployment. */
export interface TestCertificates {
  /** The folder of a party, as TLS_DIR has it: `ca.crt`, `tls.crt`, `tls.key`. */
  of(party: string): string;
  /** The folder of all parties. */
  readonly dir: string;
  /** Has a party show the certificate of another one. */
  disguise(party: string, as: string): void;
  renew(): Promise<void>;
  remove(): void;
}

export async function makeCertificates(): Promise<TestCertificates> {
  const dir = mkdtempSync(join(tmpdir(), 'orgn-certificates-'));
  await ensureCertificates(dir);
  return {
    dir,
    of: (party) => join(dir, party),
    disguise: (party, as) => cpSync(join(dir, as), join(dir, party), { recursive: true }),
    renew: async () => {
      await ensureCertificates(dir, { renew: true });
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
