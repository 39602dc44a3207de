import { once } from 'node:events';
import { readConfig } from './read-config.ts';
import { createStripe, stop } from './server.ts';

async function run(): Promise<void> {
  const { host, port, publicUrl, webhookUrl, webhookSecret, secretKey } = readConfig();
  const receiver = { url: webhookUrl, secret: webhookSecret };
  const stripe = createStripe({ secretKey, receiver, publicUrl: () => publicUrl });
  stripe.server.listen(port, host);
  await once(stripe.server, 'listening');
  process.stdout.write(`${JSON.stringify({ service: 'stripe', level: 'info', msg: 'listening', url: publicUrl })}\n`);
  const end = () => void stop(stripe).then(() => process.exit(0));
  process.once('SIGTERM', end).once('SIGINT', end);
  // A second signal must not kill a stop in progress.
  process.on('SIGTERM', () => undefined).on('SIGINT', () => undefined);
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The stand-in could not start.'}\n`);
  process.exit(1);
});
