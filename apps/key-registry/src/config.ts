import { admissionSettings, baseConfig, configClass, databaseSettings } from '@orgn/service-kit/settings';
import { z } from 'zod';
import { pepperSettings } from './keys/peppers.ts';

/** Settings of the key registry. */
export class KeyRegistryConfig extends configClass(
  baseConfig.extend({
    ...databaseSettings,
    ...admissionSettings,
    ...pepperSettings,
    /** Whether the network that a key was last used from is kept: IPv4 /24, IPv6 /48, of the last use alone. */
    KEEP_NETWORKS: z.stringbool().default(true),
  }),
) {}
