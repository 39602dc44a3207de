import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { Service } from '@orgn/contracts';
import type { BaseConfig } from '../config/base-config.ts';
import type { ServiceLog } from '../logging/service-log.ts';
import { busTls } from '../tls/bus-tls.ts';

/** Connects to NATS, waits for it if need be, and stays connected through any number of restarts of the server. */
export async function connectBus(config: BaseConfig, service: Service, log: ServiceLog): Promise<NatsConnection> {
  const connection = await connect({
    servers: config.NATS_URL,
    authenticator: nkeyAuthenticator(Buffer.from(config.NATS_SEED)),
    ...busTls(config),
    name: config.INSTANCE,
    // What JetStream answers to; services answer to inboxes that carry their own names.
    inboxPrefix: `_INBOX.${service}.jetstream`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 100,
    waitOnFirstConnect: true,
    // For one attempt, in milliseconds: one that began while the server's address was nowhere may wait for ever.
    timeout: 3_000,
    pingInterval: 10_000,
    maxPingOut: 2,
    // Otherwise every request takes a stack trace in advance.
    noAsyncTraces: true,
  });
  void logStatus(connection, log);
  return connection;
}

async function logStatus(connection: NatsConnection, log: ServiceLog): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') log.warn('bus disconnected');
    if (status.type === 'reconnect') log.info('bus reconnected');
    if (status.type === 'error') log.error('bus error', status.error);
  }
}
