import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { INestApplication, INestApplicationContext, INestMicroservice, Type } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Service } from '@orgn/contracts';
import type { Server } from 'node:http';
import type { FastifyHttpOptions } from 'fastify';
import type { z } from 'zod';
import { Bus } from '../bus/bus.ts';
import { connectBus } from '../bus/connect-bus.ts';
import { BusServer } from '../bus/bus.server.ts';
import type { ConnectionSettings } from '../config/connection-settings.ts';
import { ConnectionGuard } from '../connections/connection-guard.ts';
import { ConfigError } from '../config/config-error.ts';
import { readConfig } from '../config/read-config.ts';
import type { BaseConfig, ConfigClass } from '../config/base-config.ts';
import { addressExamples } from '../http/address-example.ts';
import { ServiceLog } from '../logging/service-log.ts';
import { toSafeError } from '../logging/safe-error.ts';
import { OpsServer } from '../health/ops.server.ts';
import { Health } from '../health/health.ts';
import { InternalTls } from '../tls/internal-tls.ts';
import { requireCertificate } from '../tls/require-certificate.ts';
import { metricsRegistry, rootModule } from './root-module.ts';
import { ServerDrain } from './server-drain.ts';
import { SelfReport, type Backlog } from './self-report.ts';
import { releaseStartMemory } from './release-start-memory.ts';
import { stopOnSignal, type Running } from './stop-service.ts';

/** What an app says of itself. */
export interface ServiceDefinition<S extends z.ZodObject> {
  /** The service's name: its user and queue group on the bus, in logs and in metrics. */
  name: Service;
  module: Type;
  config: ConfigClass<S>;
  /** For services that serve HTTP: where, and with which Fastify settings. */
  http?: HttpDefinition<z.output<S>>;
  /** Called when a stop has lasted for STOP_SECONDS: ends what still runs, with a word on it for whoever waits and pays. */
  cut?(app: INestApplicationContext): void;
  /** How many requests are under way that did not come over HTTP: what a stop waits for, and what its log tells. */
  underWay?(app: INestApplicationContext): number;
  /** Called once everything listens, to tell others. */
  started?(app: INestApplicationContext): void;
  /** What waits to be settled, for the service that settles it. */
  backlog?(app: INestApplicationContext): Backlog;
}

export interface HttpDefinition<C> {
  host(config: C): string;
  port(config: C): number;
  options?(config: C): FastifyHttpOptions<Server>;
  /** Whose X-Forwarded-For it believes, for hosts that strangers reach; the start log says what follows from it. */
  proxies?(config: C): readonly string[];
  /** How many connections it holds, for hosts that strangers reach. */
  connections?(config: C): ConnectionSettings;
  /** Called before the app starts, to add parsers and the like. */
  prepare?(adapter: FastifyAdapter, config: C): void;
}

/** By then a service listens that lacks something, and says so to whoever asks. */
const PATIENCE_MS = 5_000;

/** Runs a service until SIGTERM or SIGINT; exits 0 after a clean stop, 1 when it cannot start. */
export async function runService<S extends z.ZodObject>(definition: ServiceDefinition<S>): Promise<void> {
  try {
    const running = await startService(definition, undefined, PATIENCE_MS);
    stopOnSignal(running);
    running.log.info('service started', { pid: process.pid });
    void releaseStartMemory();
  } catch (error) {
    const reason = error instanceof ConfigError ? error.message : JSON.stringify(toSafeError(error));
    process.stderr.write(`${definition.name} cannot start: ${reason}\n`);
    process.exit(1);
  }
}

/**
 * Starts a service and answers how to stop it: what `runService` and integration tests share.
 * @param patienceMs how long a host for the public waits, before it takes a connection, for what it needs to be there
 */
export async function startService<S extends z.ZodObject>(
  definition: ServiceDefinition<S>,
  environment?: Record<string, string | undefined>,
  patienceMs = 0,
): Promise<Running> {
  const { name } = definition;
  const config = readConfig(definition.config, environment, [requireCertificate]);
  const base = config as unknown as BaseConfig;
  const log = new ServiceLog(name, base.INSTANCE, base.LOG_LEVEL);
  const tls = new InternalTls(base);
  const connection = await connectBus(base, name, log);
  const health = new Health();
  health.add('nats', () => {
    if (connection.isClosed() || !connection.getServer()) throw new Error('not connected');
  });
  const root = rootModule({
    service: name,
    module: definition.module,
    config: definition.config,
    values: config,
    connection,
    log,
    health,
    tls,
  });
  const strategy = new BusServer(connection, name, log, { instance: base.INSTANCE, health });
  const parts = { root: root as unknown as Type, strategy, log, ready: () => health.settled(patienceMs) };
  const { app, drain } = definition.http
    ? await startHttp(parts, definition.http, config)
    : { app: await startPlain(parts), drain: undefined };
  const ops = new OpsServer(name, base, health, metricsRegistry(app));
  metricsRegistry(app).registerMetric(strategy.late);
  await ops.listen();
  definition.started?.(app);
  const backlog = () => definition.backlog?.(app) ?? null;
  const report = new SelfReport({ bus: app.get(Bus), health, service: name, instance: base.INSTANCE, backlog });
  report.start();
  const ends = { report, ...endsOf(definition, app, connection) };
  return { name, config: base, log, health, ops, app, bus: strategy, drain, tls, ...ends };
}

/** What a stop asks of a service itself. */
function endsOf(
  { cut, underWay }: Pick<ServiceDefinition<z.ZodObject>, 'cut' | 'underWay'>,
  app: INestApplicationContext,
  connection: NatsConnection,
): Pick<Running, 'closeBus' | 'cut' | 'underWay'> {
  return { closeBus: () => connection.close(), cut: () => cut?.(app), underWay: () => underWay?.(app) ?? 0 };
}

interface AppParts {
  root: Type;
  strategy: BusServer;
  log: ServiceLog;
  ready: () => Promise<void>;
}

async function startHttp<C>(
  parts: AppParts,
  http: HttpDefinition<C>,
  config: C,
): Promise<{ app: INestApplication; drain: ServerDrain }> {
  // While stopping, requests on open connections are still answered: the connection is closed behind them.
  const adapter = new FastifyAdapter({ return503OnClosing: false, ...http.options?.(config) });
  if (http.proxies) parts.log.info('client addresses', { examples: await addressExamples(http.proxies(config)) });
  http.prepare?.(adapter, config);
  const nest = { logger: parts.log.toNestLogger(), bodyParser: false, abortOnError: false };
  const app = await NestFactory.create(parts.root, adapter, nest);
  guard(app, http, config);
  const drain = new ServerDrain(app.getHttpServer() as Server);
  app.connectMicroservice({ strategy: parts.strategy });
  await app.startAllMicroservices();
  await app.init();
  await listen(app, http, config, parts.ready);
  return { app, drain };
}

/** Balancers find a public replica by its name as soon as it runs: one that listened at once would refuse what others could serve. */
async function listen<C>(
  app: INestApplication,
  http: HttpDefinition<C>,
  config: C,
  ready: () => Promise<void>,
): Promise<void> {
  if (http.proxies) await ready();
  await app.listen(http.port(config), http.host(config));
}

function guard<C>(app: INestApplication, http: HttpDefinition<C>, config: C): void {
  if (!http.connections) return;
  const bounds = { ...http.connections(config), proxies: http.proxies?.(config) ?? [] };
  new ConnectionGuard(app.getHttpServer() as Server, bounds, metricsRegistry(app)).stand();
}

async function startPlain({ root, strategy, log }: AppParts): Promise<INestMicroservice> {
  const app = await NestFactory.createMicroservice(root, { strategy, logger: log.toNestLogger(), abortOnError: false });
  await app.listen();
  return app;
}
