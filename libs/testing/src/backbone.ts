import { startService, stopService, type Bus, type ServiceDefinition } from '@orgn/service-kit';
import type { z } from 'zod';
import { startNats, type TestNats } from './nats.ts';
import { startPostgres, type TestPostgres, type TestSchema } from './postgres.ts';
import { connectTestBus } from './test-bus.ts';
import { testEnvironment, type TestParts } from './test-environment.ts';

/** A service that runs in the test's own process. */
export type TestService = Awaited<ReturnType<typeof startService>>;

/** Starts Postgres, with these schemas, and NATS. @throws when one of them cannot start; the other one is gone then too */
export async function startBackbone(schemas: readonly TestSchema[]): Promise<Backbone> {
  const started = await Promise.allSettled([startPostgres({ schemas }), startNats()]);
  const [postgres, nats] = started;
  if (postgres.status === 'fulfilled' && nats.status === 'fulfilled') {
    return new Backbone(postgres.value, nats.value, await connectTestBus(nats.value));
  }
  for (const server of started) if (server.status === 'fulfilled') await server.value.stop();
  throw started.find((server) => server.status === 'rejected')?.reason;
}

/** What services run on, a bus to speak to them, and the services that a test starts on it. */
export class Backbone {
  readonly #services = new Set<TestService>();

  constructor(
    readonly postgres: TestPostgres,
    readonly nats: TestNats,
    readonly bus: Bus,
  ) {}

  /** Starts a service in this process. `schema`: the one whose role it logs in as, if it has a database. */
  async start<S extends z.ZodObject>(
    definition: ServiceDefinition<S>,
    parts: Omit<TestParts, 'nats' | 'database'> & { schema?: string },
  ): Promise<TestService> {
    const { schema, ...others } = parts;
    const { nats, postgres } = this;
    const database = schema === undefined ? {} : { database: { postgres, schema } };
    const service = await startService(definition, await testEnvironment({ nats, ...database, ...others }));
    this.#services.add(service);
    return service;
  }

  /** Stops a service as SIGTERM would. */
  async end(service: TestService): Promise<void> {
    this.#services.delete(service);
    await stopService(service);
  }

  /** Stops the services that still run, then the rest; whatever fails, nothing is left running. */
  async stop(): Promise<void> {
    const services = await Promise.allSettled([...this.#services].map((service) => this.end(service)));
    const rest = await Promise.allSettled([this.bus.connection.close(), this.postgres.stop(), this.nats.stop()]);
    const failed = [...services, ...rest].find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
