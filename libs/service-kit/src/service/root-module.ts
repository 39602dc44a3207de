import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Service } from '@orgn/contracts';
import { Registry } from 'prom-client';
import { Bus } from '../bus/bus.ts';
import { BaseConfigToken } from '../config/base-config.ts';
import { UsagePublishers } from '../events/usage-publishers.ts';
import { Health } from '../health/health.ts';
import { ServiceLog } from '../logging/service-log.ts';
import { InternalTls } from '../tls/internal-tls.ts';

interface RootParts {
  service: Service;
  module: Type;
  config: Type;
  values: object;
  connection: NatsConnection;
  log: ServiceLog;
  health: Health;
  tls: InternalTls;
}

@Module({})
class ServiceRoot {}

/**
 * The app's module with what every class in it may ask for: its config, Bus, UsagePublishers, ServiceLog, Health, InternalTls,
 * metrics Registry.
 */
export function rootModule(parts: RootParts): DynamicModule {
  const bus = new Bus(parts.connection, parts.service);
  const registry = new Registry();
  const providers = [
    { provide: parts.config, useValue: parts.values },
    { provide: BaseConfigToken, useValue: parts.values },
    { provide: Bus, useValue: bus },
    { provide: UsagePublishers, useValue: new UsagePublishers(bus, parts.log, registry) },
    { provide: ServiceLog, useValue: parts.log },
    { provide: Health, useValue: parts.health },
    { provide: InternalTls, useValue: parts.tls },
    { provide: Registry, useValue: registry },
  ];
  return {
    module: ServiceRoot,
    global: true,
    imports: [parts.module],
    providers,
    exports: providers.map(({ provide }) => provide),
  };
}

export function metricsRegistry(app: INestApplicationContext): Registry {
  return app.get(Registry);
}
