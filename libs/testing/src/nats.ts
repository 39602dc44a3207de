import { allContracts, services, toNatsPermissions, type Contract } from '@orgn/contracts';
import type { BusUser } from '@orgn/service-kit';
import { busSeed } from '@orgn/stack/bus-seed.mjs';
import { startNats as startOnStack } from '@orgn/stack/nats.mjs';
import { freePort } from './free-port.ts';
import { ownServer, TestStack, type TestServer } from './test-stack.ts';

/** A user of the test's bus: one of the deployment's, or `test`, who may do everything. */
export type TestUser = BusUser | 'test';

export interface TestNats extends TestServer {
  /** Without credentials, as services get it. */
  url: string;
  /** What makes somebody that user. Of operators there is `op-ops`. */
  seedOf(user: TestUser): string;
  /** As the first operator. */
  opsUrl: string;
  /** The folder that the server's configuration is in, and in `nats` what it keeps. */
  dir: string;
}

const everything = 'TEST: { publish: ">", subscribe: ">" }\n';

/**
 * Starts a nats-server with JetStream, found as `npm start` finds it, with the users that a deployment has.
 * @param own contracts that only the test has
 * @param options.tls folder of the certificates that it shows; absent: in the clear
 * @throws when there is none to be had
 */
export async function startNats(own: readonly Contract[] = [], options: { tls?: string } = {}): Promise<TestNats> {
  const stack = new TestStack();
  stack.tls = options.tls;
  const port = await freePort();
  stack.ports.set('nats', port);
  const text = toNatsPermissions([...allContracts, ...own]) + everything;
  stack.busPermissions = { text, names: [...services, 'test'] };
  const server = await ownServer(stack, { name: 'nats', crashSignal: 'SIGKILL', start: () => startOnStack(stack) });
  const address = `127.0.0.1:${port}`;
  return Object.assign(server, {
    url: `nats://${address}`,
    seedOf: (user: TestUser) => busSeed(stack, user),
    opsUrl: `nats://ops:${stack.opsToken}@${address}`,
    dir: stack.paths.dir,
  });
}
