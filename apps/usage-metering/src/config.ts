import { baseConfig, configClass } from '@orgn/service-kit';
import { z } from 'zod';

const schema = baseConfig.extend({
  /** This service's own login: `postgresql://usage_metering:password@host:port/database`. */
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/[^:@/]+:[^@/]+@.+$/, 'must be postgresql://role:password@host:port/database'),
});

/** Settings of usage-metering. */
export class UsageMeteringConfig extends configClass(schema) {}
