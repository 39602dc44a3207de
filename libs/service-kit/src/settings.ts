/** The door for whoever only describes settings: what reads a description gets no framework with it. */
export { admissionSettings, type AdmissionKeys } from './admission/admission-keys.ts';
export {
  BaseConfigToken,
  baseConfig,
  configClass,
  port,
  type BaseConfig,
  type ConfigClass,
} from './config/base-config.ts';
export { connectionSettings, type ConnectionSettings } from './config/connection-settings.ts';
export { databaseSettings } from './config/database-settings.ts';
export { secret, secretNames } from './config/secret.ts';
export { tlsSettings, type TlsSettings } from './config/tls-settings.ts';
export { findFaults } from './config/read-config.ts';
export { requireTrustedProxies, trustedProxies } from './config/trusted-proxies.ts';
export { missing, type Fault, type Given, type Rule } from './config/rules.ts';
export { requireCertificate } from './tls/require-certificate.ts';
export { exampleLine } from './config/example-lines.ts';
