import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { busSeed } from './bus-seed.mjs';
import { busServices, firstOperator } from './bus-users.mjs';
import { stackAuthority } from './internal-tls.mjs';
import { natsAdminUrl } from './nats.mjs';
import { adminUrl } from './postgres.mjs';
import { outsideDir } from './postgres-owner.mjs';
import { newOpsToken } from './secrets.mjs';
import { busUrl, httpUrl, instances, opsUrl, simulatorTlsUrl } from './services.mjs';
import { readJson } from './private-file.mjs';
import { readStackFile, updateStackFile } from './stack-file.mjs';

/**
 * Gives the stack its root secret: the one in `stack.json`, or a new one, which is written there before anything is
 * locked with it.
 * @throws when data is there and the secret that opens it is not
 */
export function openStackFile(stack) {
  const known = readStackFile(stack.paths.stackFile);
  const outside = outsideDir(stack.paths);
  if (stack.options.fresh) rmSync(outside, { recursive: true, force: true });
  if (known === undefined && [join(stack.paths.dir, 'postgres'), outside].some((dir) => existsSync(dir))) {
    throw new Error(
      `${stack.paths.dir} holds data, but no stack.json with the secret that opens it. Put it back, or start with --fresh.`,
    );
  }
  stack.opsToken = known?.opsToken ?? newOpsToken();
  const demo = known?.demo ?? { teamId: null, key: null, users: demoUsers(stack.options.root) };
  updateStackFile(stack.paths.stackFile, { ...describeStack(stack), demo, processes: [] });
  return stack;
}

/** All of `stack.json` that follows from the plan: addresses and admin access. */
export function describeStack(stack) {
  const all = instances(stack.options);
  const gateways = all.filter(({ service }) => service === 'gateway').map(({ name }) => httpUrl(stack, name));
  const providers = httpUrl(stack, 'providers');
  return {
    api: gateways[0],
    gateways,
    console: httpUrl(stack, 'auth-1', 'localhost'),
    issuer: process.env.OIDC_ISSUER || httpUrl(stack, 'id-orgn', 'localhost'),
    ops: opsUrl(stack, 'usage-metering-1'),
    metrics: all.map(({ name, service }) => ({ service, url: opsUrl(stack, name) })),
    simulators: {
      providers,
      control: providers,
      near: simulatorTlsUrl(stack, 'near'),
      phala: simulatorTlsUrl(stack, 'phala'),
      makers: simulatorTlsUrl(stack, 'makers'),
      stripe: httpUrl(stack, 'stripe', 'localhost'),
    },
    postgresUrl: adminUrl(stack),
    natsUrl: natsAdminUrl(stack),
    bus: describeBus(stack),
    opsToken: stack.opsToken,
  };
}

/**
 * The bus, and what makes somebody one of its users. `ca`: certificate of the authority that the server's is
 * under, as PEM; null in the clear.
 */
function describeBus(stack) {
  const users = busServices.map((service) => [service, { seed: busSeed(stack, service) }]);
  const operator = { name: firstOperator, seed: busSeed(stack, `op-${firstOperator}`) };
  return { url: busUrl(stack), ca: stackAuthority(stack), users: Object.fromEntries(users), operator };
}

/** Who can log in at the id-orgn simulator. */
function demoUsers(root) {
  return readJson(join(root, 'tools', 'id-orgn', 'demo-users.json')).map(({ email, role }) => ({ email, role }));
}
