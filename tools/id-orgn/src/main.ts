import { once } from 'node:events';
import { createIdentityProvider } from './identity-provider.ts';
import { readConfig } from './read-config.ts';
import { createIdOrgn, log, stop } from './server.ts';

async function run(): Promise<void> {
  const config = readConfig();
  const server = createIdOrgn(await createIdentityProvider(config));
  server.listen(config.port, config.host);
  await once(server, 'listening');
  log({ level: 'info', msg: 'listening', url: `http://${config.host}:${config.port}`, issuer: config.issuer });
  const end = () => void stop(server).then(() => process.exit(0));
  process.once('SIGTERM', end).once('SIGINT', end);
  // A second signal must not kill a stop in progress.
  process.on('SIGTERM', () => undefined).on('SIGINT', () => undefined);
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The simulator could not start.'}\n`);
  process.exit(1);
});
