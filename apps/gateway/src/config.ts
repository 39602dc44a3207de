import { baseConfig, configClass, port } from '@orgn/service-kit';
import { z } from 'zod';

const schema = baseConfig.extend({
  /** Interface of the API host. */
  HTTP_HOST: z.string().default('127.0.0.1'),
  /** Port of the API host. */
  HTTP_PORT: port,
  /** Largest request body, in bytes. */
  MAX_BODY_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(32 * 1024 * 1024),
  /** Longest time a caller may take to send a request, in milliseconds. */
  REQUEST_TIMEOUT_MS: z.coerce.number().int().positive().default(60_000),
});

/** Settings of the gateway. It holds no secret but its password on the bus. */
export class GatewayConfig extends configClass(schema) {}
