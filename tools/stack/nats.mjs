import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busSeed } from './bus-seed.mjs';
import { busServices, firstOperator, readBusUsers, writeBusUsers } from './bus-users.mjs';
import { certificateFiles } from './certificates/certificate-folder.mjs';
import { bareEnvironment } from './environment.mjs';
import { findNatsServer } from './nats-server.mjs';
import { userPublicKey } from './nkeys.mjs';
import { host } from './ports.mjs';
import { natsProbe } from './probes.mjs';
import { tiers } from './stop-order.mjs';

/**
 * Starts NATS with JetStream on the data of this stack.
 * @param {import('./supervisor.mjs').Stack & { opsToken: string }} stack
 * @returns {Promise<string>} a few words for the terminal
 */
export async function startNats(stack) {
  const found = await findNatsServer({
    cache: join(stack.options.root, '.local', 'bin'),
    run: (definition, io) => stack.children.run(definition, io),
    note: stack.note,
  });
  const port = stack.ports.get('nats');
  // A name that only this stack has: it is how we know that our server answers.
  const serverName = `orgn-${createHash('sha256').update(stack.paths.dir).digest('hex').slice(0, 12)}`;
  const config = join(stack.paths.run, 'nats.conf');
  const storeDir = join(stack.paths.dir, 'nats');
  mkdirSync(storeDir, { recursive: true, mode: 0o700 });
  writeUsers(stack);
  writeFileSync(config, natsConfig({ port, serverName, storeDir, tls: stack.tls }), { mode: 0o600 });
  await stack.children.start([
    {
      name: 'nats',
      service: 'nats',
      tier: tiers.bus,
      command: found.path,
      args: ['--config', config],
      env: { ...bareEnvironment(), ...passwords(stack) },
      probe: natsProbe(port, serverName),
    },
  ]);
  return `nats-server ${found.version} ${found.from}`;
}

/** The first operator's address, with its password. */
export function natsAdminUrl({ ports, opsToken }) {
  return `nats://${firstOperator}:${opsToken}@${host}:${ports.get('nats')}`;
}

/** Where the list of the bus's users is. */
export function busFolder(dir) {
  return join(dir, 'bus');
}

export function natsConfig({ port, serverName, storeDir, tls }) {
  return `listen: "${host}:${port}"
server_name: "${serverName}"
jetstream { store_dir: ${JSON.stringify(storeDir)} }
ping_interval: "5s"
ping_max: 2
${tls === undefined ? '' : tlsBlock(tls)}authorization {
  timeout: 15
  include ../bus/users.conf
}
`;
}

/** Who connects must speak TLS, and has as long for that as for signing in. The files are read again on SIGHUP. */
function tlsBlock(dir) {
  const { certificate, key } = certificateFiles(dir, 'nats');
  return `tls { cert_file: ${JSON.stringify(certificate)}, key_file: ${JSON.stringify(key)}, timeout: 15 }\n`;
}

/** Operators that were added stay; the services' keys are those of this stack. */
function writeUsers(stack) {
  const folder = busFolder(stack.paths.dir);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { text, names } = permissionsFor(stack);
  const services = Object.fromEntries(names.map((name) => [name, userPublicKey(busSeed(stack, name))]));
  const first = { name: firstOperator, nkey: userPublicKey(busSeed(stack, `op-${firstOperator}`)) };
  const operators = readBusUsers(folder)?.operators ?? [{ ...first, addedAt: new Date().toISOString() }];
  writeFileSync(join(folder, 'permissions.conf'), text);
  writeBusUsers(folder, { services, operators });
}

/** What services may do is the same in every deployment; a test's stack may have others. */
function permissionsFor({ options, busPermissions }) {
  const file = join(options.root, 'deploy', 'bus', 'permissions.conf');
  return busPermissions ?? { text: readFileSync(file, 'utf8'), names: busServices };
}

/** The value of a variable is parsed like the file: without quotes a password such as 3e7x... would be a broken number. */
function passwords({ opsToken }) {
  return { NATS_OPS_PASSWORD: JSON.stringify(opsToken) };
}
