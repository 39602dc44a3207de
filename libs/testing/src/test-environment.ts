import { services, type Service } from '@orgn/contracts';
import { TEST_ADMISSION_KEYS } from './admission.ts';
import { freePort } from './free-port.ts';
import type { TestNats } from './nats.ts';
import type { TestPostgres } from './postgres.ts';

/** What a service under test runs on. */
export interface TestParts {
  /** Also names the process among its replicas. */
  instance: string;
  /** Whose user it is on the bus; absent: the instance's name begins with it. */
  service?: Service;
  nats: TestNats;
  /** With the schema whose role the service logs in as. */
  database?: { postgres: TestPostgres; schema: string };
  /** Serves HTTP on a free port: sets HTTP_HOST and HTTP_PORT. */
  servesHttp?: boolean;
  /** The service's own variables. */
  more?: Record<string, string>;
}

/** The environment of one service process, for `startService`. Nothing of the real environment gets in. */
export async function testEnvironment(parts: TestParts): Promise<Record<string, string>> {
  const { instance, nats, service = serviceOf(instance), database, servesHttp, more } = parts;
  return {
    NODE_ENV: 'test',
    INSTANCE: instance,
    LOG_LEVEL: 'error',
    NATS_URL: nats.url,
    NATS_SEED: nats.seedOf(service),
    INTERNAL_TLS: 'off',
    OPS_PORT: String(await freePort()),
    STOP_SECONDS: '5',
    ADMISSION_KEYS: TEST_ADMISSION_KEYS,
    ...(database && { DATABASE_URL: database.postgres.urlOf(database.schema) }),
    ...(servesHttp && { HTTP_HOST: '127.0.0.1', HTTP_PORT: String(await freePort()) }),
    ...more,
  };
}

function serviceOf(instance: string): Service {
  const service = services.find((name) => instance.startsWith(name));
  if (!service) throw new Error(`${instance} is an instance of no service`);
  return service;
}
