import { join } from 'node:path';
import { keysWithoutUrl, bareEnvironment } from './environment.mjs';
import { openTls, tlsEnvironment } from './internal-tls.mjs';
import { cloneLock, withLock } from './lock.mjs';
import { firstOperator } from './bus-users.mjs';
import { startNats } from './nats.mjs';
import { adminUrl, startPostgres } from './postgres.mjs';
import { readJson } from './private-file.mjs';
import { deriveSecret } from './secrets.mjs';
import { busEnvironment, nodeProcess, portSlots, serviceDefinitions, simulatorDefinitions } from './services.mjs';
import { describeStack, openStackFile } from './stack-description.mjs';
import { readStackFile, updateStackFile } from './stack-file.mjs';

/** @type {import('./supervisor.mjs').Definition} the real stack: how to get from an empty folder to a gateway */
export const orgnStack = {
  slots: portSlots,
  steps: [
    { name: 'build', run: build },
    { name: 'certificates', run: openTls },
    { name: 'postgres', run: (stack) => startPostgres(openStackFile(stack)) },
    { name: 'nats', run: startNats },
    { name: 'migrate', run: migrate },
    { name: 'services', run: startServices },
    { name: 'seed', run: seed },
  ],
};

/** Every step that a person sees, the launcher's own first. */
export const stepNames = ['install', 'ports', ...orgnStack.steps.map(({ name }) => name)];

async function build(stack) {
  const script = join('node_modules', 'typescript', 'bin', 'tsc');
  const tsc = nodeProcess(stack, { name: 'build', script });
  const job = { ...tsc, args: [...tsc.args, '--build'], env: bareEnvironment() };
  const made = (name, script = join('apps', name, 'build.mjs')) => ({
    ...nodeProcess(stack, { name, script }),
    env: bareEnvironment(),
  });
  await withLock(
    cloneLock(stack.options.root),
    async () => {
      await stack.children.run(job);
      await stack.children.run(made('bundle', join('tools', 'stack', 'bundle', 'main.mjs')));
      await stack.children.run(made('console'));
      await stack.children.run(made('verifier'));
    },
    () => stack.note('waiting for someone else who installs or builds here'),
  );
  return 'tsc --build, services, console, verifier';
}

async function migrate(stack) {
  const passwordOf = (role) => deriveSecret(stack.opsToken, `postgres:${role}`);
  await stack.children.run({
    ...nodeProcess(stack, { name: 'migrate', script: join('tools', 'migrate', 'dist', 'main.js') }),
    env: {
      ...bareEnvironment(),
      NODE_ENV: 'development',
      ...tlsEnvironment(stack, 'operator'),
      DATABASE_ADMIN_URL: adminUrl(stack),
      AUTH_DATABASE_PASSWORD: passwordOf('auth'),
      INFERENCE_ROUTER_DATABASE_PASSWORD: passwordOf('inference_router'),
      KEY_REGISTRY_DATABASE_PASSWORD: passwordOf('key_registry'),
      USAGE_METERING_DATABASE_PASSWORD: passwordOf('usage_metering'),
    },
  });
}

async function startServices(stack) {
  for (const provider of keysWithoutUrl(process.env)) {
    stack.note(`${provider}_API_KEY is set, but ${provider}_BASE_URL is not: the simulator answers, not the provider`);
  }
  const definitions = [...simulatorDefinitions(stack), ...(await serviceDefinitions(stack))];
  await stack.children.start(definitions);
  updateStackFile(stack.paths.stackFile, describeStack(stack));
  return `${definitions.length} processes`;
}

/**
 * Who can log in at the id-orgn simulator is somebody in the demo team. Another provider's people are unknown to us.
 */
function seedUsers({ root }) {
  if (process.env.OIDC_ISSUER) return {};
  return { SEED_USERS: JSON.stringify(readJson(join(root, 'tools', 'id-orgn', 'demo-users.json'))) };
}

/** A key is shown once; the stack's file is where it stays. What the job prints holds it, so no log gets that. */
async function seed(stack) {
  const { demo } = readStackFile(stack.paths.stackFile);
  if (demo.key) return 'demo key as it was';
  const job = nodeProcess(stack, { name: 'seed', script: join('tools', 'operator', 'dist', 'seed.js') });
  const env = {
    ...bareEnvironment(),
    NODE_ENV: 'development',
    ...busEnvironment(stack, `op-${firstOperator}`),
    NATS_OPERATOR: firstOperator,
    // Nobody has the key of a seed that ended half-way.
    SEED_KEY: 'again',
    ...tlsEnvironment(stack, 'operator'),
    ...seedUsers(stack.options),
  };
  const { teamId, key } = JSON.parse(await stack.children.run({ ...job, env }, { capture: true }));
  updateStackFile(stack.paths.stackFile, { demo: { ...demo, teamId, key } });
  return `demo key for ${teamId}`;
}
