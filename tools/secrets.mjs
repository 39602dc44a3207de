/**
 * `npm run secrets`: writes the .env that docker-compose.yml needs, with fresh secrets, mode 0600. It never overwrites one:
 * a lost KEY_PEPPERS makes every key useless. With --demo the simulators stand in for the providers.
 */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { busServices, firstOperator, writeBusUsers } from './stack/bus-users.mjs';
import { userPublicKey, userSeed } from './stack/nkeys.mjs';

const secret = () => randomBytes(32).toString('base64url');

const generated = () => ({
  OPS_TOKEN: secret(),
  ...busSeeds(),
  POSTGRES_PASSWORD: secret(),
  AUTH_DATABASE_PASSWORD: secret(),
  KEY_REGISTRY_DATABASE_PASSWORD: secret(),
  USAGE_METERING_DATABASE_PASSWORD: secret(),
  KEY_PEPPERS: `k1:${secret()}`,
  REASONING_KEYS: `r1:${secret()}`,
  ADMISSION_KEYS: `a1:${secret()}`,
});

/** A variable for each user of the bus: each service gets its own and no other. */
const seedVariable = (user) => `NATS_${user.toUpperCase().replaceAll('-', '_')}_SEED`;
const busSeeds = () =>
  Object.fromEntries([...busServices, firstOperator].map((user) => [seedVariable(user), userSeed()]));

/** What the server knows the users by, for deploy/nats.conf. */
function writePublicKeys(settings) {
  const keyOf = (user) => userPublicKey(settings[seedVariable(user)]);
  const services = Object.fromEntries(busServices.map((service) => [service, keyOf(service)]));
  const first = { name: firstOperator, nkey: keyOf(firstOperator), addedAt: new Date().toISOString() };
  writeBusUsers(join('deploy', 'bus'), { services, operators: [first] });
}

const production = {
  CONSOLE_URL: '',
  OIDC_ISSUER: '',
  OIDC_CLIENT_ID: '',
  OIDC_CLIENT_SECRET: '',
  SIGN_UP: 'invited',
  SMTP_URL: '',
  NEAR_BASE_URL: '',
  NEAR_API_KEY: '',
  PHALA_BASE_URL: '',
  PHALA_API_KEY: '',
  VERCEL_BASE_URL: '',
  VERCEL_API_KEY: '',
};

const simulated = (provider) => `http://providers:8070/${provider}/v1`;
const demo = () => ({
  COMPOSE_PROFILES: 'demo',
  NODE_ENV: 'development',
  CONSOLE_URL: 'http://localhost:8081',
  OIDC_ISSUER: 'http://id-orgn.localhost:8082',
  OIDC_CLIENT_ID: 'orgn-console',
  OIDC_CLIENT_SECRET: secret(),
  SIGN_UP: 'open',
  MAIL_DIR: '/tmp/mail',
  NEAR_BASE_URL: simulated('near'),
  NEAR_API_KEY: 'simulated',
  PHALA_BASE_URL: simulated('phala'),
  PHALA_API_KEY: 'simulated',
  VERCEL_BASE_URL: simulated('vercel'),
  VERCEL_API_KEY: 'simulated',
});

try {
  const { values } = parseArgs({ options: { demo: { type: 'boolean' } } });
  const settings = { ...generated(), ...(values.demo ? demo() : production) };
  const text = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync('.env', text.join(''), { mode: 0o600, flag: 'wx' });
  writePublicKeys(settings);
  const next = values.demo ? '' : ' Fill in what only you know: console, identity provider, providers, mail. Then:';
  console.error(`Wrote .env.${next}\n\n  docker compose up -d --build\n  docker compose run --rm seed`);
} catch (error) {
  const exists = error.code === 'EEXIST';
  console.error(exists ? '.env exists and is kept; see docs/deployment.md for how to rotate secrets.' : error.message);
  process.exit(exists ? 1 : 2);
}
