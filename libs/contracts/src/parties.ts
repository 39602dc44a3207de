/** The services of a deployment, each a user of its own on the bus; replicas share it. */
export const services = ['gateway', 'auth', 'key-registry', 'inference-router', 'usage-metering'] as const;
export type Service = (typeof services)[number];

/** Whom contracts name: the services, and people who run the deployment, each a user `op-<name>` on the bus. */
export const parties = [...services, 'operator'] as const;
export type Party = (typeof parties)[number];
