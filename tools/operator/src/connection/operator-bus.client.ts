import { AuthorizationError, connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { ServiceError } from '@orgn/contracts';
import { busTlsUnder } from '@orgn/service-kit/client';
import type { BusAddress } from './bus-address.ts';

export type OperatorConnection = NatsConnection;

const CONNECT_TIMEOUT_MS = 5_000;

/**
 * Connects a command to the bus. A command that asks once fails at once; a lasting one reconnects for ever.
 * @throws ServiceError `service_unavailable` saying what to do
 */
export async function connectOperator(
  address: BusAddress,
  { lasting }: { lasting: boolean },
): Promise<OperatorConnection> {
  try {
    return await connect({
      servers: address.url,
      ...toLogin(address),
      tls: address.ca === undefined ? null : busTlsUnder(address.ca),
      name: `operator ${address.operator}`,
      timeout: CONNECT_TIMEOUT_MS,
      reconnect: lasting,
      maxReconnectAttempts: -1,
    });
  } catch (cause) {
    const refused = cause instanceof AuthorizationError;
    const message = refused
      ? `The bus at ${address.url} refuses us: the bus belongs to another deployment; ${address.advice}.`
      : `The stack is not running: nothing answers at ${address.url}; ${address.advice}.`;
    throw new ServiceError('service_unavailable', message, { cause });
  }
}

function toLogin({ operator, proof }: BusAddress) {
  if ('password' in proof) return { user: operator, pass: proof.password };
  return { authenticator: nkeyAuthenticator(Buffer.from(proof.seed)) };
}
