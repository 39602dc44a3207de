import type { FactoryProvider, Type } from '@nestjs/common';
import { schemaWatched, type SchemaKeeper } from '@orgn/contracts';
import { Bus } from '../bus/bus.ts';
import { BaseConfigToken, type BaseConfig } from '../config/base-config.ts';
import { ServiceLog } from '../logging/service-log.ts';
import { Health, Unwell } from '../health/health.ts';

/** Whoever looks at a service's schema again and again; libs/database has it. */
export interface WatchedSchema {
  readonly fault: string | undefined;
  onLook(hear: (fault: string | undefined) => void): void;
  onReplaced(hear: () => void): void;
}

/** Makes what a schema lacks known: to whoever asks this process for its health, to the gateways, and in the log. */
export class SchemaReport {
  #told: string | undefined;

  constructor(
    private readonly parts: { bus: Bus; health: Health; log: ServiceLog; service: SchemaKeeper; instance: string },
    watch: WatchedSchema,
  ) {
    parts.health.add('schema', () => {
      if (watch.fault !== undefined) throw new Unwell(watch.fault);
    });
    watch.onLook((fault) => this.#tell(fault));
    watch.onReplaced(() => parts.log.warn('the schema was replaced by another one'));
  }

  #tell(fault: string | undefined): void {
    const { bus, log, service, instance } = this.parts;
    if (fault !== this.#told && fault !== undefined) log.error('the schema is not whole', undefined, { fault });
    if (fault === undefined && this.#told !== undefined) log.info('the schema is whole again');
    this.#told = fault;
    if (!bus.connection.isClosed()) bus.broadcast(schemaWatched, { service, instance, isWhole: fault === undefined });
  }
}

/** Registers it with Nest. @param watch the class of whoever looks, which injects as itself */
export function schemaReport(service: SchemaKeeper, watch: Type<WatchedSchema>): FactoryProvider {
  return {
    provide: SchemaReport,
    inject: [watch, Bus, Health, ServiceLog, BaseConfigToken],
    useFactory: (looks: WatchedSchema, bus: Bus, health: Health, ...rest: [ServiceLog, BaseConfig]) => {
      const [log, { INSTANCE: instance }] = rest;
      return new SchemaReport({ bus, health, log, service, instance }, looks);
    },
  };
}
