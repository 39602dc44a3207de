import { z } from 'zod';

/** What an audit entry says of where a request came from: an address, and a coarse class instead of a user agent's text. */
export const clientContext = z.object({
  address: z.string().max(45).nullable(),
  userAgent: z.enum(['browser', 'cli', 'sdk', 'service', 'unknown']),
});
export type ClientContext = z.output<typeof clientContext>;
