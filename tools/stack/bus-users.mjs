import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './private-file.mjs';

/** Users of the bus that are no people. */
export const busServices = ['gateway', 'auth', 'key-registry', 'inference-router', 'usage-metering'];
/** The operator that a deployment begins with; the only one who may also log in with a password, the ops token. */
export const firstOperator = 'ops';
/** What an operator may be called: a token of subjects. */
export const operatorName = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;

/**
 * Who may connect to a deployment's bus: public keys only.
 * @typedef {object} BusUsers
 * @property {Record<string, string>} services public key by service
 * @property {{ name: string, nkey: string, addedAt: string }[]} operators
 */

/** @returns {BusUsers | undefined} the users that `folder` lists */
export function readBusUsers(folder) {
  return readJson(join(folder, 'users.json'));
}

/**
 * Lists the users in `folder`, for the next command and, as `users.conf`, for nats-server, which reads it when it starts
 * and on SIGHUP. Both hold no secret.
 * @param {string} folder
 * @param {BusUsers} users
 */
export function writeBusUsers(folder, users) {
  mkdirSync(folder, { recursive: true });
  replace(join(folder, 'users.json'), `${JSON.stringify(users, null, 2)}\n`);
  replace(join(folder, 'users.conf'), busUsersConfig(users));
}

/** The users in nats-server's configuration language. What services may do is in `permissions.conf` beside it. */
export function busUsersConfig({ services, operators }) {
  const lines = [
    ...Object.entries(services).map(([name, nkey]) => `{ nkey: "${nkey}", permissions: $${toVariable(name)} }`),
    ...operators.flatMap(operatorLines),
  ];
  return `include permissions.conf\nusers: [\n${lines.map((line) => `  ${line}\n`).join('')}]\n`;
}

/** What operators may do, as libs/contracts/src/permissions.ts has it: ask under their own name, hear what operators are told. */
export function operatorPermissions(name) {
  return {
    publish: [`ops.${name}.>`],
    subscribe: [`_INBOX.op-${name}.>`, 'broadcast.alerts', 'broadcast.usage.changed'],
  };
}

function operatorLines({ name, nkey }) {
  const { publish, subscribe } = operatorPermissions(name);
  const permissions = `permissions: { publish: { allow: ${JSON.stringify(publish)} }, subscribe: { allow: ${JSON.stringify(subscribe)} } }`;
  const withKey = `{ nkey: "${nkey}", ${permissions} }`;
  // The password is named only; nats-server reads it from its environment.
  return name === firstOperator
    ? [withKey, `{ user: "${name}", password: $NATS_OPS_PASSWORD, ${permissions} }`]
    : [withKey];
}

function toVariable(service) {
  return service.toUpperCase().replaceAll('-', '_');
}

/** nats-server, in whatever container, may read it; nobody finds half of it. */
function replace(file, text) {
  writeFileSync(`${file}.tmp`, text, { mode: 0o644 });
  renameSync(`${file}.tmp`, file);
}
