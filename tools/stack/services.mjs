import { join, resolve } from 'node:path';
import {
  attestationEnvironment,
  bareEnvironment,
  consoleEnvironment,
  modelsFile,
  paymentEnvironment,
  providerEnvironment,
  signInEnvironment,
} from './environment.mjs';
import { compileCacheOf } from './bundle/compile-cache.mjs';
import { bundleOf } from './bundle/services.mjs';
import { closedToDebuggers, serviceAllocator, serviceFlags } from './node-flags.mjs';
import { busSeed } from './bus-seed.mjs';
import { tlsEnvironment } from './internal-tls.mjs';
import { host } from './ports.mjs';
import { healthProbe } from './probes.mjs';
import { deriveSecret } from './secrets.mjs';
import { serviceEnvironment, settingNames } from './settings.mjs';
import { tiers } from './stop-order.mjs';

/**
 * The processes of ours, as data. `http` and `ops` are the offsets of the first replica's ports; the n-th has the n-th
 * after it. `replicas` is the option that counts them.
 */
const services = [
  { service: 'gateway', tier: tiers.edge, http: 0, ops: 40, replicas: 'gateways', environment: billing },
  { service: 'auth', tier: tiers.edge, http: 10, ops: 50, environment: auth },
  { service: 'key-registry', tier: tiers.service, ops: 60, replicas: 'registries', environment: keyRegistry },
  { service: 'inference-router', tier: tiers.service, http: 20, ops: 70, replicas: 'routers', environment: router },
  {
    service: 'usage-metering',
    tier: tiers.service,
    ops: 80,
    replicas: 'meterings',
    environment: metering,
  },
];

const simulators = [
  { service: 'id-orgn', http: 11, environment: idOrgn },
  { service: 'providers', http: 12, tls: { near: 15, phala: 16, makers: 17 }, environment: providers },
  { service: 'stripe', http: 18, environment: stripe },
];

const servers = [
  { slot: 'postgres', purpose: 'PostgreSQL', offset: 13 },
  { slot: 'nats', purpose: 'NATS', offset: 14 },
];

/** Every port of a stack, and what to call it when it is taken. */
export function portSlots(options) {
  const simulated = simulators.flatMap(({ service, http, tls = {} }) => [
    slot(service, 'http', http),
    ...Object.entries(tls).map(([party, offset]) => slot(service, party, offset)),
  ]);
  const served = services.flatMap((entry) =>
    replicasOf(entry, options).flatMap(({ name, index }) => [
      ...(entry.http === undefined ? [] : [slot(name, 'http', entry.http + index)]),
      slot(name, 'ops', entry.ops + index),
    ]),
  );
  return [...served, ...simulated, ...servers];
}

/** The five services and their replicas, to be started together. Each gets what it reads, and nothing else. */
export async function serviceDefinitions(stack) {
  const names = await settingNames(
    stack.options.root,
    services.map(({ service }) => service),
  );
  return services.flatMap((entry) => replicaDefinitions(stack, entry, names[entry.service]));
}

function replicaDefinitions(stack, { service, tier, http, environment, ...entry }, names) {
  const settings = serviceEnvironment(process.env, names);
  return replicasOf({ service, ...entry }, stack.options).map(({ name }) => ({
    ...nodeProcess(stack, { name, service, script: join(bundleOf(service), 'main.js'), flags: serviceFlags }),
    tier,
    env: {
      NODE_COMPILE_CACHE: compileCacheOf(bundleOf(service)),
      ...serviceAllocator,
      ...settings,
      ...commonEnvironment(stack, name, service),
      ...tlsEnvironment(stack, service),
      ...(http === undefined ? {} : httpEnvironment(stack, name)),
      ...environment(stack, name),
    },
    probe: healthProbe(opsUrl(stack, name)),
  }));
}

/** What stands in for the outside world. */
export function simulatorDefinitions(stack) {
  return simulators.map(({ service, environment }) => ({
    ...nodeProcess(stack, { name: service, service, script: join('tools', service, 'dist', 'main.js') }),
    tier: tiers.simulator,
    env: {
      ...bareEnvironment(),
      NODE_ENV: 'development',
      ...httpEnvironment(stack, service),
      ...environment(stack),
    },
    probe: healthProbe(httpUrl(stack, service)),
  }));
}

/** Name and service of every replica, in the order of the table. */
export function instances(options) {
  return services.flatMap((entry) => replicasOf(entry, options).map(({ name }) => ({ name, service: entry.service })));
}

/** Base URL of a TLS server of the provider simulator: a confidential machine, or the makers of its hardware. */
export function simulatorTlsUrl(stack, party) {
  return `https://${host}:${stack.ports.get(`providers.${party}`)}`;
}

/** Base URL of a process's public door. */
export function httpUrl(stack, name, hostName = host) {
  return `http://${hostName}:${stack.ports.get(`${name}.http`)}`;
}

/** Base URL of a process's health and metrics. */
export function opsUrl(stack, name) {
  return `http://${host}:${stack.ports.get(`${name}.ops`)}`;
}

/** A script of this repository under the Node that runs the supervisor; no signal opens it to a debugger. */
export function nodeProcess({ options }, { name, service, script, flags = closedToDebuggers }) {
  const args = [...flags, resolve(options.root, script)];
  return { name, service, command: process.execPath, args, cwd: options.root };
}

/** How a service, or an operator (`op-<name>`), reaches the bus, as itself. */
export function busEnvironment(stack, user) {
  return { NATS_URL: busUrl(stack), NATS_SEED: busSeed(stack, user) };
}

/** Where the bus is, without credentials. */
export function busUrl({ ports, tls }) {
  return `${tls === undefined ? 'nats' : 'tls'}://${host}:${ports.get('nats')}`;
}

function commonEnvironment(stack, name, service) {
  return {
    NODE_ENV: 'development',
    INSTANCE: name,
    OPS_HOST: host,
    OPS_PORT: String(stack.ports.get(`${name}.ops`)),
    ...busEnvironment(stack, service),
  };
}

function httpEnvironment({ ports }, name) {
  return { HTTP_HOST: host, HTTP_PORT: String(ports.get(`${name}.http`)) };
}

function database({ ports, opsToken }, role) {
  const password = deriveSecret(opsToken, `postgres:${role}`);
  return { DATABASE_URL: `postgresql://${role}:${password}@${host}:${ports.get('postgres')}/orgn` };
}

function auth(stack) {
  return {
    ...database(stack, 'auth'),
    CONSOLE_URL: httpUrl(stack, 'auth-1', 'localhost'),
    API_URL: httpUrl(stack, 'gateway-1'),
    MAIL_DIR: join(stack.paths.dir, 'mail'),
    ...consoleEnvironment(process.env),
    ...signInEnvironment(process.env, { issuer: httpUrl(stack, 'id-orgn', 'localhost'), secret: consoleSecret(stack) }),
  };
}

/** What the console proves itself with at the simulator. */
function consoleSecret({ opsToken }) {
  return deriveSecret(opsToken, 'id-orgn:console');
}

function keyRegistry(stack) {
  return {
    ...database(stack, 'key_registry'),
    ...admission(stack),
    KEY_PEPPERS: `k1:${deriveSecret(stack.opsToken, 'key-pepper')}`,
  };
}

function metering(stack) {
  return {
    ...database(stack, 'usage_metering'),
    ...admission(stack),
    MODELS_FILE: modelsFile(process.env, stack.options),
    ...billing(),
    ...paymentEnvironment(process.env, { url: httpUrl(stack, 'stripe'), ...paymentSecrets(stack) }),
  };
}

/** What metering and the stand-in for Stripe know each other by. */
function paymentSecrets({ opsToken }) {
  return {
    secretKey: `sk_test_${deriveSecret(opsToken, 'stripe-key').replaceAll(/[^A-Za-z0-9]/g, '')}`,
    webhookSecret: `whsec_${deriveSecret(opsToken, 'stripe-webhooks')}`,
  };
}

/** How teams pay: the same for whoever asks for holds and for whoever gives them. */
function billing() {
  return { BILLING: process.env.BILLING || 'prepaid' };
}

/** What the registry's tickets are made and judged with. */
function admission({ opsToken }) {
  return { ADMISSION_KEYS: `a1:${deriveSecret(opsToken, 'admission-key')}` };
}

function router(stack, name) {
  return {
    ADVERTISED_URL: httpUrl(stack, name).replace(/^http:/, stack.tls === undefined ? 'tcp:' : 'tls:'),
    MODELS_FILE: modelsFile(process.env, stack.options),
    ...admission(stack),
    ...database(stack, 'inference_router'),
    RECEIPT_KEYS: `s1:${deriveSecret(stack.opsToken, 'receipt-key')}`,
    REASONING_KEYS: `r1:${deriveSecret(stack.opsToken, 'reasoning-key')}`,
    ...providerEnvironment(process.env, simulatorPorts(stack)),
    ...attestationEnvironment(process.env, simulatorPorts(stack)),
  };
}

function simulatorPorts({ ports }) {
  return Object.fromEntries(['http', 'near', 'phala'].map((party) => [party, ports.get(`providers.${party}`)]));
}

function idOrgn(stack) {
  return {
    ISSUER: httpUrl(stack, 'id-orgn', 'localhost'),
    CONSOLE_URL: httpUrl(stack, 'auth-1', 'localhost'),
    CLIENT_SECRET: consoleSecret(stack),
  };
}

function stripe(stack) {
  const { secretKey, webhookSecret } = paymentSecrets(stack);
  return {
    PUBLIC_URL: httpUrl(stack, 'stripe', 'localhost'),
    WEBHOOK_URL: `${httpUrl(stack, 'auth-1')}/api/webhooks/stripe`,
    WEBHOOK_SECRET: webhookSecret,
    SECRET_KEY: secretKey,
  };
}

function providers({ ports }) {
  const variables = ['near', 'phala', 'makers'].map((party) => [
    `${party.toUpperCase()}_TLS_PORT`,
    String(ports.get(`providers.${party}`)),
  ]);
  return Object.fromEntries(variables);
}

function replicasOf({ service, replicas }, options) {
  const count = replicas === undefined ? 1 : options[replicas];
  return Array.from({ length: count }, (_, index) => ({ name: `${service}-${index + 1}`, index }));
}

const doors = { ops: 'health and metrics', http: 'HTTP' };

function slot(name, door, offset) {
  return { slot: `${name}.${door}`, purpose: `${name}, ${doors[door] ?? 'TLS'}`, offset };
}
