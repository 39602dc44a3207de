import { billingMode } from '@orgn/contracts';
import {
  baseConfig,
  configClass,
  connectionSettings,
  port,
  requireTrustedProxies,
  trustedProxies,
} from '@orgn/service-kit/settings';
import { z } from 'zod';

/** `https://app.example.com, http://localhost:3000` as a list. */
const origins = z
  .string()
  .transform((text) => text.split(',').map((origin) => origin.trim()))
  .pipe(
    z.array(
      z.string().refine((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      'must be a comma-separated list of exact origins such as https://app.example.com',
    ),
  );

const schema = baseConfig.extend({
  ...connectionSettings,
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
  /** Most bytes of large request bodies that are held at once, over all requests; half of it for one key. */
  MAX_BODIES_BYTES: z.coerce
    .number()
    .int()
    .positive()
    .default(512 * 1024 * 1024),
  /** Requests of one key that may be under way at this gateway, streams among them. */
  MAX_REQUESTS_PER_KEY: z.coerce.number().int().positive().default(256),
  /** Streams that one key may have open at this gateway. */
  MAX_STREAMS_PER_KEY: z.coerce.number().int().positive().default(256),
  /**
   * How teams pay, as at usage-metering: where it is `prepaid`, every request needs money held for it, and without anybody who
   * holds it none runs.
   */
  BILLING: billingMode.default('off'),
  /** Longest time for which a caller may take nothing of an answer that waits for it, in milliseconds. */
  READ_STALL_MS: z.coerce.number().int().positive().default(60_000),
  /** What becomes of members that no endpoint lists: `drop` them, or `refuse` the request. */
  UNKNOWN_FIELDS: z.enum(['drop', 'refuse']).default('drop'),
  /** Origins whose pages may call the API from a browser; default: none. */
  CORS_ORIGINS: origins.optional(),
  /** Longest time a caller may take to send a request, in milliseconds. */
  REQUEST_TIMEOUT_MS: z.coerce.number().int().positive().default(60_000),
  /**
   * Time for which an idle connection is kept open, in milliseconds. It must be longer than that of whatever stands in
   * front, or requests are lost on connections that are closing: 60 s at AWS, 75 s in nginx, 600 s at Google.
   */
  KEEP_ALIVE_TIMEOUT_MS: z.coerce.number().int().min(1_000).default(620_000),
  /** Proxies in front of this host whose X-Forwarded-For is believed: `none`, or a list that production must give. */
  TRUSTED_PROXIES: trustedProxies,
  /** Interface and port of auth's own door, for the playground; 0: any port that is free. */
  PLAYGROUND_HOST: z.string().default('127.0.0.1'),
  PLAYGROUND_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  /** How auth reaches this gateway there: a name or an address; absent: as PLAYGROUND_HOST. */
  PLAYGROUND_ADDRESS: z.string().min(1).optional(),
  /** How old the registry's word on a running request may get before it is asked again, in milliseconds. */
  REVERIFY_MS: z.coerce.number().int().min(100).max(60_000).default(5_000),
  /** Unknown keys that one network (IPv4 /24, IPv6 /48) may send in a row. */
  UNKNOWN_KEYS_NETWORK_BURST: z.coerce.number().int().positive().default(30),
  /** Time after which a network may send one more unknown key, in milliseconds. */
  UNKNOWN_KEYS_NETWORK_REFILL_MS: z.coerce.number().int().positive().default(2_000),
  /** Keys unknown to the registry that this gateway asks about in a row, whoever sends them. */
  UNKNOWN_KEYS_BURST: z.coerce.number().int().positive().default(8_000),
  /**
   * Unknown keys that it asks about per second after that. Networks that guess leave half of it to the others. More than
   * one gateway's core can refuse, so that no flood it bears takes the look-up of a key that is new to it.
   */
  UNKNOWN_KEYS_PER_SECOND: z.coerce.number().positive().default(4_000),
});

/** Settings of the gateway. It holds no secret but its password on the bus. */
export class GatewayConfig extends configClass(schema, requireTrustedProxies) {}
