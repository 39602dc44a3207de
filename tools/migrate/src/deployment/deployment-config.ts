import { pepperSettings } from '@orgn/key-registry/peppers';
import { configClass, secret, tlsSettings } from '@orgn/service-kit/settings';
import { z } from 'zod';

/** Where the database of a deployment is, for a backup of it and for what is restored to it. */
export class DeploymentConfig extends configClass(
  z.object({
    ...tlsSettings,
    ...pepperSettings,
    /** The database, as the role that owns everything. */
    DATABASE_ADMIN_URL: secret(z.url({ protocol: /^postgres(ql)?$/ })),
    /** Its password, where DATABASE_ADMIN_URL has none. */
    DATABASE_ADMIN_PASSWORD: secret(z.string().min(1).optional()),
    /** The bus: `nats://host:4222`. */
    NATS_URL: z.string().optional(),
    /** The seed of usage-metering's user, the only one who may look into the stream of usage words. */
    NATS_USAGE_METERING_SEED: secret(z.string().optional()),
  }),
) {}

/** What says which deployment is meant, before anything is known of one. */
export class CallerConfig extends configClass(
  z.object({
    DATABASE_ADMIN_URL: z.string().optional(),
    /** Set by npm: the script that runs. */
    npm_lifecycle_event: z.string().optional(),
    /** Set by npm: the folder the operator stood in, because npm runs scripts in the repository's root. */
    INIT_CWD: z.string().optional(),
  }),
) {}
