import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TICKET_HEADER, usageRecordedByRouter, type RequestId, type UsageEvent } from '@orgn/contracts';
import { stopService, type Bus } from '@orgn/service-kit';
import { makeTicket, playAdmissionTime } from './admission.ts';
import { startNats, type TestNats } from './nats.ts';
import { playMetering } from './play-metering.ts';
import { startProviders, type TestProviders } from './providers.ts';
import { connectTestBus } from './test-bus.ts';
import { TestChannel } from './test-channel.ts';
import { testEnvironment } from './test-environment.ts';

type Service = Parameters<typeof stopService>[0];

export interface RouterBenchParts {
  /** Starts the router under test. */
  start(environment: Record<string, string>): Promise<Service>;
  /** Text of its models file. */
  models: string;
  /** Confidential machines are reached by TLS and attested. */
  isAttested?: boolean;
  /** Other simulators than those of this process. */
  providers?: TestProviders;
  /** Further variables. */
  more?: Record<string, string>;
}

export interface AskOptions {
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** A router with a real bus and simulated providers, asked as a gateway asks it. */
export interface RouterBench {
  nats: TestNats;
  bus: Bus;
  providers: TestProviders;
  channel: TestChannel;
  /** Where the router shows its metrics. */
  metricsUrl: string;
  /** Usage words since `forget`, as metering would get them, settled at once. */
  events: UsageEvent[];
  /** Begins anew: a late word on an earlier request is no word on the next one. */
  forget(): void;
  /** Posts to `/v1<path>`: text and forms as they are, anything else as JSON. */
  ask(path: string, body: object | string, options?: AskOptions): Promise<Response>;
  stop(): Promise<void>;
}

/** Starts a bus, the simulators and a router. `newRequestId` makes a UUIDv7. */
export async function startRouterBench(parts: RouterBenchParts, newRequestId: () => string): Promise<RouterBench> {
  const folder = mkdtempSync(join(tmpdir(), 'orgn-router-'));
  writeFileSync(join(folder, 'models.yaml'), parts.models);
  const [nats, providers] = await Promise.all([startNats(), parts.providers ?? startProviders()]);
  const bus = await connectTestBus(nats);
  const events: UsageEvent[] = [];
  const asked = new Set<string>();
  const forgotten = new Set<string>();
  const metering = await playMetering(bus, [usageRecordedByRouter], (event) => {
    if (!forgotten.has(event.data.requestId)) events.push(event);
  });
  playAdmissionTime(bus);
  const environment = await testEnvironment({ instance: 'inference-router-1', nats, servesHttp: true });
  const url = `tcp://127.0.0.1:${environment.HTTP_PORT ?? ''}`;
  const service = await parts.start({
    ...environment,
    ...providers.environment,
    LOCAL_BASE_URL: providers.urlOf('local'),
    LOCAL_API_KEY: 'simulated',
    MODELS_FILE: join(folder, 'models.yaml'),
    ADVERTISED_URL: url,
    ...(parts.isAttested && providers.attestedEnvironment),
    ...parts.more,
  });
  const channel = await TestChannel.open(url);
  return {
    nats,
    bus,
    providers,
    channel,
    metricsUrl: `http://127.0.0.1:${environment.OPS_PORT ?? ''}/metrics`,
    events,
    forget: () => {
      for (const id of asked) forgotten.add(id);
      asked.clear();
      events.length = 0;
    },
    ask: async (path, body, options = {}) => {
      const requestId = newRequestId() as RequestId;
      asked.add(options.headers?.['x-request-id'] ?? requestId);
      return ask({ channel, requestId }, path, body, options);
    },
    stop: async () => {
      channel.close();
      await stopService(service);
      await metering.stop();
      await bus.connection.close();
      await providers.stop();
      await nats.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

interface Asker {
  channel: TestChannel;
  requestId: RequestId;
}

function ask({ channel, requestId }: Asker, path: string, body: object | string, options: AskOptions) {
  return channel.fetch(`/v1${path}`, {
    headers: {
      'x-request-id': requestId,
      [TICKET_HEADER]: makeTicket({ requestId: (options.headers?.['x-request-id'] ?? requestId) as RequestId }),
      ...options.headers,
    },
    body,
    signal: options.signal,
  });
}
