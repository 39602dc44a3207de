import { connect } from '@nats-io/transport-node';
import { Bus } from '@orgn/service-kit';
import type { TestNats } from './nats.ts';

/** A bus for a test that plays a service, or asks one. Close its `connection` in the end. */
export async function connectTestBus(nats: Pick<TestNats, 'url' | 'user' | 'password'>): Promise<Bus> {
  return new Bus(await connect({ servers: nats.url, user: nats.user, pass: nats.password, name: 'test' }));
}
