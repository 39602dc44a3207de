import { userSeed } from './nkeys.mjs';
import { deriveBytes } from './secrets.mjs';

/** The secret that makes somebody a user of a stack's bus, derived from its root secret: a service, or `op-<name>`. */
export function busSeed({ opsToken }, user) {
  return userSeed(deriveBytes(opsToken, `nkey:${user}`));
}
