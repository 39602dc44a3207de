import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** As between the processes of a stack: apps' own certificates, and the suite that costs least (libs/service-kit/src/tls). */
export const suite = { minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384' };

/** What a process proves itself with in the place of a service of the stack in `dir`. */
export function identityOf(dir, service) {
  const file = (name) => readFileSync(join(dir, 'tls', service, name), 'utf8');
  return { ca: file('ca.crt'), cert: file('tls.crt'), key: file('tls.key') };
}
