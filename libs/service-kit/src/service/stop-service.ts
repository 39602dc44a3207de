import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplication, INestMicroservice } from '@nestjs/common';
import type { BusServer } from '../bus/bus.server.ts';
import type { BaseConfig } from '../config/base-config.ts';
import type { Health } from '../health/health.ts';
import type { OpsServer } from '../health/ops.server.ts';
import type { ServiceLog } from '../logging/service-log.ts';
import type { InternalTls } from '../tls/internal-tls.ts';
import type { SelfReport } from './self-report.ts';
import type { ServerDrain } from './server-drain.ts';

/** A service that runs, and what it takes to end it. */
export interface Running {
  name: string;
  config: BaseConfig;
  log: ServiceLog;
  health: Health;
  ops: OpsServer;
  app: INestApplication | INestMicroservice;
  bus: BusServer;
  /** Of services that serve HTTP. */
  drain: ServerDrain | undefined;
  tls: InternalTls;
  report: SelfReport;
  closeBus: () => Promise<void>;
  cut: () => void;
  /** Requests that did not come over HTTP. */
  underWay: () => number;
}

/** How long words on what was cut off may take to be stored, in milliseconds. */
const CUT_MS = 4_000;

/**
 * Ends a service so that nothing in flight is lost. First it says that it is leaving, to balancers by its health and to the
 * others on the bus, while it still serves; then nothing new is taken; and when the last answer has ended the bus closes.
 */
export async function stopService(running: Running): Promise<void> {
  const { health, drain, config, app } = running;
  health.beginStop();
  if (drain) {
    drain.leave();
    await delay(config.DRAIN_SECONDS * 1_000);
  }
  await app.close();
  running.report.stop();
  await running.closeBus();
  await running.ops.close();
  running.tls.close();
}

/** Stops at the first SIGTERM or SIGINT and exits 0; what has not ended after STOP_SECONDS is cut off, and said to be. */
export function stopOnSignal(running: Running): void {
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    void stopInTime(running);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A child of the development supervisor also ends when the supervisor's channel closes.
  process.on('disconnect', stop);
}

async function stopInTime(running: Running): Promise<void> {
  const { log, config } = running;
  const startedAt = performance.now();
  log.info('service stopping', inFlight(running));
  // The supervisor's patience is finite: what has not ended by then is ended, and has a moment to say so.
  const graceMs = config.STOP_SECONDS * 1_000;
  let cut = { requests: 0, questions: 0 };
  const end = (words: string) => {
    const fields = { seconds: Math.round((performance.now() - startedAt) / 100) / 10 };
    const isCut = cut.requests + cut.questions > 0;
    if (isCut) log.warn(`${words}, work in flight was cut off`, { ...fields, ...cut });
    else log.info(words, { ...fields });
    process.exit(0);
  };
  setTimeout(() => (cut = cutOff(running)), graceMs).unref();
  setTimeout(() => end('service stopped before everything in it had ended'), graceMs + CUT_MS).unref();
  try {
    await stopService(running);
    end('service stopped');
  } catch (error) {
    log.error('stop failed', error);
    process.exit(1);
  }
}

/** @returns how much was still in flight */
function cutOff(running: Running): { requests: number; questions: number } {
  const left = inFlight(running);
  running.log.warn('grace period is over, ending what still runs', left);
  try {
    running.cut();
  } catch (error) {
    running.log.error('could not end what still runs', error);
  }
  return left;
}

/** Requests, and questions of the bus, whose answers have not ended. */
function inFlight({ drain, bus, underWay }: Running): { requests: number; questions: number } {
  return { requests: (drain?.answering ?? 0) + underWay(), questions: bus.answering };
}
