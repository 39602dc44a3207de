import { z } from 'zod';

/** Whether and how whoever runs inside the deployment encrypts what it says there. */
export const tlsSettings = {
  /** Whether connections to the bus and the database and between gateway and router are encrypted; both ends agree. */
  INTERNAL_TLS: z.enum(['on', 'off']).default('on'),
  /** Folder of this service's certificate: `ca.crt`, `tls.crt` and `tls.key`. Needed unless INTERNAL_TLS is off. */
  TLS_DIR: z.string().optional(),
};

export interface TlsSettings {
  INTERNAL_TLS: 'on' | 'off';
  TLS_DIR?: string | undefined;
}
