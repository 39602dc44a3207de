import { z } from 'zod';

const when = z.iso.datetime({ offset: true }).max(64).optional();

/** Query of what is read for a while: one of these, or from and until; absent: the last 30 days. */
export const timeRange = {
  range: z.enum(['24h', '7d', '30d', '90d']).optional(),
  from: when,
  until: when,
};
