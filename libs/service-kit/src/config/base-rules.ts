import { X509Certificate } from 'node:crypto';
import { readIdentity } from '../tls/identity.ts';
import { ConfigError } from './config-error.ts';
import type { Rule } from './rules.ts';

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

/** Serving on is part of the time that a stop may take. */
export const requireTimeToStop: Rule = ({ DRAIN_SECONDS = '0', STOP_SECONDS = '10' }) => {
  if (!(Number(DRAIN_SECONDS) >= Number(STOP_SECONDS))) return [];
  const message = `DRAIN_SECONDS must be less than STOP_SECONDS, which is ${Number(STOP_SECONDS)}: add the line STOP_SECONDS=${Math.ceil(Number(DRAIN_SECONDS)) + 20}`;
  return [{ name: 'DRAIN_SECONDS', message }];
};
