import type { Bus } from '@orgn/service-kit';
import { startNats, type TestNats } from './nats.ts';
import { startPostgres, type TestPostgres, type TestSchema } from './postgres.ts';
import { connectTestBus } from './test-bus.ts';

/** What services run on, and a bus to speak to them. */
export interface Backbone {
  postgres: TestPostgres;
  nats: TestNats;
  bus: Bus;
  stop(): Promise<void>;
}

/** Starts Postgres, with these schemas, and NATS. */
export async function startBackbone(schemas: readonly TestSchema[]): Promise<Backbone> {
  const [postgres, nats] = await Promise.all([startPostgres({ schemas }), startNats()]);
  const bus = await connectTestBus(nats);
  const stop = async () => {
    await bus.connection.close();
    await Promise.all([postgres.stop(), nats.stop()]);
  };
  return { postgres, nats, bus, stop };
}
