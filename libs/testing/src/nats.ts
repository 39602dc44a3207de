import { startNats as startOnStack } from '@orgn/stack/nats.mjs';
import { freePort } from './free-port.ts';
import { ownServer, TestStack, type TestServer } from './test-stack.ts';

export interface TestNats extends TestServer {
  /** Without credentials, as services get it. */
  url: string;
  user: string;
  password: string;
  /** With all rights. */
  opsUrl: string;
}

/** Starts a nats-server with JetStream, found as `npm start` finds it. @throws when there is none to be had */
export async function startNats(): Promise<TestNats> {
  const stack = new TestStack();
  const port = await freePort();
  stack.ports.set('nats', port);
  const server = await ownServer(stack, { name: 'nats', crashSignal: 'SIGKILL', start: () => startOnStack(stack) });
  const address = `127.0.0.1:${port}`;
  const access = { url: `nats://${address}`, user: 'services', password: stack.secretOf('nats:services') };
  return Object.assign(server, { ...access, opsUrl: `nats://ops:${stack.opsToken}@${address}` });
}
