import { once } from 'node:events';
import type { Server as HttpServer } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { readConfig } from './read-config.ts';
import { createSimulator, log, stop, tlsParties } from './server.ts';

async function run(): Promise<void> {
  const { host, port, tlsPorts } = readConfig();
  const { http, tls } = createSimulator();
  const servers: (HttpServer | TlsServer)[] = [http];
  log({ level: 'info', msg: 'listening', url: `http://${host}:${await listen(http, port, host)}` });
  for (const party of tlsParties) {
    const tlsPort = tlsPorts[party];
    if (tlsPort === undefined) continue;
    servers.push(tls[party]);
    log({ level: 'info', msg: 'listening', party, url: `https://${host}:${await listen(tls[party], tlsPort, host)}` });
  }
  const end = () => void Promise.all(servers.map(stop)).then(() => process.exit(0));
  process.once('SIGTERM', end).once('SIGINT', end);
  // A second signal must not kill a stop in progress.
  process.on('SIGTERM', () => undefined).on('SIGINT', () => undefined);
}

async function listen(server: HttpServer | TlsServer, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

run().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The simulator could not start.'}\n`);
  process.exit(1);
});
