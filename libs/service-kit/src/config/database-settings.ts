import { z } from 'zod';
import { secret } from './secret.ts';

/** How a service that owns a schema reaches it. */
export const databaseSettings = {
  /** The database, as this service's role: `postgresql://role@host:port/database`, with or without its password. */
  DATABASE_URL: secret(
    z
      .url({ protocol: /^postgres(ql)?$/, error: 'must be postgresql://role:password@host:port/database' })
      .refine(
        (url) => (URL.parse(url)?.username ?? '') !== '',
        'must be postgresql://role:password@host:port/database',
      ),
  ),
  /** Password of that role, where DATABASE_URL has none. */
  DATABASE_PASSWORD: secret(z.string().min(1).optional()),
};
