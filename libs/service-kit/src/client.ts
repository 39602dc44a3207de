/** The door for programs that ask over the bus and are no service: without Nest, HTTP and logging they start fast. */
export { Bus, type BusUser } from './bus/bus.ts';
export { configClass, type ConfigClass } from './config/base-config.ts';
export { ConfigError } from './config/config-error.ts';
export { findFaults, readConfig } from './config/read-config.ts';
export { missing, type Fault, type Given, type Rule } from './config/rules.ts';
export { tlsSettings, type TlsSettings } from './config/tls-settings.ts';
export { busTls, busTlsUnder, type BusTls } from './tls/bus-tls.ts';
export { secret } from './config/secret.ts';
export { toSafeError } from './logging/safe-error.ts';
