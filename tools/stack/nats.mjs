import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bareEnvironment } from './environment.mjs';
import { findNatsServer } from './nats-server.mjs';
import { host } from './ports.mjs';
import { natsProbe } from './probes.mjs';
import { deriveSecret } from './secrets.mjs';
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
  writeFileSync(config, natsConfig({ port, serverName, storeDir }), { mode: 0o600 });
  await stack.children.start([
    {
      name: 'nats',
      service: 'nats',
      tier: tiers.bus,
      command: found.path,
      args: ['--config', config],
      env: { ...bareEnvironment(), ...passwords(stack.opsToken) },
      probe: natsProbe(port, serverName),
    },
  ]);
  return `nats-server ${found.version} ${found.from}`;
}

/** The address with all rights. */
export function natsAdminUrl({ ports, opsToken }) {
  return `nats://ops:${opsToken}@${host}:${ports.get('nats')}`;
}

/** Passwords are named only; nats-server reads them from its environment. */
export function natsConfig({ port, serverName, storeDir }) {
  return `listen: "${host}:${port}"
server_name: "${serverName}"
jetstream { store_dir: ${JSON.stringify(storeDir)} }
authorization {
  users: [
    { user: "services", password: $NATS_SERVICES_PASSWORD }
    { user: "ops", password: $NATS_OPS_PASSWORD }
  ]
}
`;
}

/** The value of a variable is parsed like the file: without quotes a password such as 3e7x... would be a broken number. */
function passwords(opsToken) {
  return {
    NATS_SERVICES_PASSWORD: JSON.stringify(deriveSecret(opsToken, 'nats:services')),
    NATS_OPS_PASSWORD: JSON.stringify(opsToken),
  };
}
