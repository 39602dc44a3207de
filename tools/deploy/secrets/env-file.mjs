import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { formerSecrets, secretMakers } from './secret-table.mjs';

const production = {
  CONSOLE_URL: '',
  API_URL: '',
  OIDC_ISSUER: '',
  OIDC_CLIENT_ID: '',
  SIGN_UP: 'invited',
  NEAR_BASE_URL: '',
  PHALA_BASE_URL: '',
  VERCEL_BASE_URL: '',
};

const simulated = (provider) => `http://providers:8070/${provider}/v1`;
const demo = {
  COMPOSE_PROFILES: 'demo',
  NODE_ENV: 'development',
  CONSOLE_URL: 'http://localhost:8081',
  API_URL: 'http://127.0.0.1:8080',
  OIDC_ISSUER: 'http://id-orgn.localhost:8082',
  OIDC_CLIENT_ID: 'orgn-console',
  SIGN_UP: 'open',
  MAIL_DIR: '/tmp/mail',
  BILLING: 'prepaid',
  STRIPE_API_BASE: 'http://stripe:8083',
  NEAR_BASE_URL: simulated('near'),
  PHALA_BASE_URL: simulated('phala'),
  VERCEL_BASE_URL: simulated('vercel'),
};

/**
 * Where compose finds the secrets, relative to docker-compose.yml; without this line it says what to do. And whose the files are
 * that the operator commands write from their container: whoever has these.
 */
const here = { SECRETS_DIR: './secrets', OPERATOR_USER: `${process.getuid()}:${process.getgid()}` };

/** The secrets that a `.env` holds, as it was before they were files, or as an operator wrote them there. */
export function secretsIn(file) {
  if (!existsSync(file)) return {};
  const found = Object.entries(parseEnv(readFileSync(file, 'utf8')));
  return Object.fromEntries(found.filter(([name, value]) => value !== '' && Object.hasOwn(secretMakers, name)));
}

/**
 * Writes the settings that are no secrets, or takes the secrets out of the file that is there and leaves the rest as it is.
 * Called once the secrets are files.
 * @returns {'new' | 'changed' | 'kept'}
 */
export function settleEnvFile(file, options) {
  if (!existsSync(file)) {
    write(file, toLines({ ...here, ...(options.demo ? demo : production) }));
    return 'new';
  }
  const text = readFileSync(file, 'utf8');
  const known = parseEnv(text);
  const missing = Object.fromEntries(Object.entries(here).filter(([name]) => !known[name]));
  const rest = text.split('\n').filter((line) => !isSecret(line));
  const settled = `${rest.join('\n').trimEnd()}\n${toLines(missing)}`;
  if (settled.trim() === text.trim()) return 'kept';
  write(file, settled);
  return 'changed';
}

function isSecret(line) {
  const name = /^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1];
  return name !== undefined && (Object.hasOwn(secretMakers, name) || formerSecrets.includes(name));
}

function toLines(settings) {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

function write(file, text) {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
