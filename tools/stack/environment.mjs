import { resolve } from 'node:path';
import { host } from './ports.mjs';

const providers = ['NEAR', 'PHALA', 'VERCEL', 'LOCAL'];
/** Set by npm, by Node's own tools or by Postgres clients: about the caller's shell, not about the stack. */
const notSettings = /^(npm_|INIT_CWD$|NODE_OPTIONS$|NODE_CHANNEL_|NODE_V8_COVERAGE$|PG[A-Z]|JEST_|ORGN_|NX_)/;
/** Credentials of other things in the caller's shell; our own are set on top, for the one service that needs them. */
const credentials = /SECRET|PASSW|CREDENTIAL|PEPPER|SEED|(TOKEN|(?<!_PER)_KEYS?|_KEY_ID|_PAT|_URL|_DSN)$/;
const providerVariable = new RegExp(`^(${providers.join('|')})_`);

/**
 * What every service gets of the environment of `npm start`: settings (LOG_LEVEL, MAX_BODY_BYTES, ...) go through,
 * credentials and addresses do not. Those of the providers reach the router only.
 * @param {NodeJS.ProcessEnv} env
 */
export function settingsFrom(env) {
  const isSetting = ([name, value]) =>
    value !== '' && !notSettings.test(name) && !credentials.test(name) && !providerVariable.test(name);
  return Object.fromEntries(Object.entries(env).filter(isSetting));
}

/** The least that a program needs that is not ours. */
export function bareEnvironment(env = process.env) {
  const wanted = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH'].filter((name) => env[name] !== undefined);
  return { ...Object.fromEntries(wanted.map((name) => [name, env[name]])), LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * The router's providers: the simulator's, but for those that the environment of `npm start` points elsewhere. An
 * operator-run endpoint (LOCAL) is never invented.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ http: number, near?: number, phala?: number }} ports of the simulator; with one for it a machine is reached by TLS
 */
export function providerEnvironment(env, ports) {
  const reached = isAttested(env, ports) ? ports : { http: ports.http };
  return Object.assign({}, ...providers.map((name) => oneProvider(name, env, reached)));
}

/** One and the same party speaks for the hardware of all enclaves: beside a real one, simulated ones cannot be attested. */
const isAttested = (env, ports) => !env.NEAR_BASE_URL && !env.PHALA_BASE_URL && ports.near !== undefined;

/** Who speaks for the hardware of enclaves: the simulator's makers under the development roots, unless enclaves are real. */
export function attestationEnvironment(env, ports) {
  const given = pick(env, ['PCS_URL', 'PCS_ROOT_CRL_URL', 'NRAS_URL']);
  if (!isAttested(env, ports)) return given;
  const makers = `http://${host}:${ports.http}`;
  return {
    PCS_URL: makers,
    PCS_ROOT_CRL_URL: `${makers}/IntelSGXRootCA.der`,
    NRAS_URL: makers,
    ATTESTATION_DEVELOPMENT_ROOT: 'allow',
    ...given,
  };
}

function simulatorUrl(name, ports) {
  const secure = ports[name];
  return secure === undefined ? `http://${host}:${ports.http}/${name}/v1` : `https://${host}:${secure}/${name}/v1`;
}

function oneProvider(name, env, ports) {
  const [url, key] = [`${name}_BASE_URL`, `${name}_API_KEY`];
  const given = pick(env, [key, `${key}_FILE`]);
  if (env[url]) return { [url]: env[url], ...given };
  if (name === 'LOCAL') return {};
  const made = Object.keys(given).length > 0 ? given : { [key]: 'simulator' };
  return { [url]: simulatorUrl(name.toLowerCase(), ports), ...made };
}

/** Providers with a key but no base URL: the caller may think that the real one is asked. */
export function keysWithoutUrl(env) {
  return providers.filter((name) => env[`${name}_API_KEY`] && !env[`${name}_BASE_URL`]);
}

/** The catalogue of models: the one given to `npm start`, from the folder the caller stood in, or the repository's. */
export function modelsFile(env, { root, cwd }) {
  return env.MODELS_FILE ? resolve(cwd, env.MODELS_FILE) : resolve(root, 'models.yaml');
}

/**
 * Where people sign in: the simulator, unless the environment of `npm start` names another provider; then this deployment's
 * name and secret there come from the same place, and are not made up.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ issuer: string, secret: string }} simulator
 */
export function signInEnvironment(env, { issuer, secret }) {
  const names = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET', 'OIDC_CLIENT_SECRET_FILE'];
  if (env.OIDC_ISSUER) return pick(env, names);
  return { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: 'orgn-console', OIDC_CLIENT_SECRET: secret };
}

/** What the console host may reach beyond the stack: addresses that `settingsFrom` keeps from everybody else. */
export function consoleEnvironment(env) {
  return pick(env, ['SMTP_URL', 'SMTP_URL_FILE', 'GITHUB_API_URL']);
}

/**
 * Where people pay in: the stand-in, unless the environment of `npm start` has a key of Stripe's; then what that goes with comes
 * from the same place.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ url: string, secretKey: string, webhookSecret: string }} standIn
 */
export function paymentEnvironment(env, { url, secretKey, webhookSecret }) {
  const [key, webhooks] = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];
  if (env[key] || env[`${key}_FILE`])
    return pick(env, [key, `${key}_FILE`, webhooks, `${webhooks}_FILE`, 'STRIPE_API_BASE']);
  return { [key]: secretKey, [webhooks]: webhookSecret, STRIPE_API_BASE: url };
}

function pick(env, names) {
  return Object.fromEntries(names.filter((name) => env[name]).map((name) => [name, env[name]]));
}
