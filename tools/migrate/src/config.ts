import { configClass, secret, tlsSettings } from '@orgn/service-kit/settings';
import { z } from 'zod';

const password = () => secret(z.string().min(16, 'must have at least 16 characters'));

const days = z.coerce.number().int().min(1).max(36_500).optional();

/** Settings of the migration job. */
export class MigrateConfig extends configClass(
  z.object({
    ...tlsSettings,
    /** The database, as a role that may create roles and schemas. */
    DATABASE_ADMIN_URL: secret(z.url({ protocol: /^postgres(ql)?$/ })),
    /** Its password, where DATABASE_ADMIN_URL has none. */
    DATABASE_ADMIN_PASSWORD: secret(z.string().min(1).optional()),
    /** Password that the login role `auth` gets. */
    AUTH_DATABASE_PASSWORD: password(),
    /** Password that the login role `inference_router` gets. */
    INFERENCE_ROUTER_DATABASE_PASSWORD: password(),
    /** Password that the login role `key_registry` gets. */
    KEY_REGISTRY_DATABASE_PASSWORD: password(),
    /** Password that the login role `usage_metering` gets. */
    USAGE_METERING_DATABASE_PASSWORD: password(),
    /** Sessions that each service's role may have at once, over all replicas: 8 a replica. Three roles share the server's; the routers' has a quarter. */
    DATABASE_CONNECTIONS: z.coerce.number().int().min(8).max(10_000).default(30),
    /** Days that audit entries are kept, at least; they are dropped by whole months. Absent: for ever. */
    AUDIT_RETENTION_DAYS: days,
    /** Days that addresses, clients and names are kept in audit entries. Absent: as long as the entries. */
    AUDIT_PERSONAL_DAYS: days,
  }),
) {}
