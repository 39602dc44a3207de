import { X509Certificate } from 'node:crypto';
import { ConfigError } from '../config/config-error.ts';
import type { Rule } from '../config/rules.ts';
import { readIdentity } from './identity.ts';

/** What INTERNAL_TLS needs must be there, belong together and be in force. */
export const requireCertificate: Rule = ({ INTERNAL_TLS = 'on', TLS_DIR }) => {
  if (INTERNAL_TLS !== 'on') return [];
  try {
    const { certificate } = readIdentity(TLS_DIR);
    const { validToDate: end } = new X509Certificate(certificate);
    if (end.getTime() > Date.now()) return [];
    const message = `TLS_DIR holds a certificate that ended on ${end.toISOString().slice(0, 10)}: npm run secrets -- --renew`;
    return [{ name: 'TLS_DIR', message }];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((message) => ({ name: 'TLS_DIR', message }));
  }
};
