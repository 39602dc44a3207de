import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { Bus, busTlsUnder } from '@orgn/service-kit/client';

/**
 * The bus of a stack (`stack.json`), for a process that stands in for one of its services, or asks as its first operator.
 * @param {string} user a service's name, or `operator`
 */
export async function openBus({ bus }, user) {
  const { seed } = user === 'operator' ? bus.operator : bus.users[user];
  const name = user === 'operator' ? `op-${bus.operator.name}` : user;
  const connection = await connect({
    servers: bus.url,
    authenticator: nkeyAuthenticator(Buffer.from(seed)),
    tls: busTlsUnder(bus.ca),
    name: `bench-${name}`,
    inboxPrefix: `_INBOX.${name}.jetstream`,
    noAsyncTraces: true,
  });
  return new Bus(connection, name);
}
