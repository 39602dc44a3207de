import type { LoggerService } from '@nestjs/common';
import { destination, pino, type Logger } from 'pino';
import { currentRequestId } from './request-context.ts';
import { toSafeError } from './safe-error.ts';

/**
 * Lines are written in blocks, off the main thread: a system call a request is what the hot path can least afford. They
 * wait 200 ms at most, warnings and errors not at all, and a process that ends writes what is left; only one that is
 * killed outright loses that much.
 */
const stdout = destination({ dest: 1, sync: false, minLength: 8_192, periodicFlush: 200 });

type Fields = Record<string, string | number | boolean | null | undefined | string[]>;

/** The service's log: one JSON line an event on stdout. Takes facts and errors, never bodies, keys or foreign text. */
export class ServiceLog {
  readonly #pino: Logger;

  constructor(service: string, instance: string, level: string) {
    this.#pino = pino({ level, base: { service, instance }, timestamp: pino.stdTimeFunctions.isoTime }, stdout);
  }

  debug(event: string, fields: Fields = {}): void {
    this.#pino.debug(withRequest(fields), event);
  }

  info(event: string, fields: Fields = {}): void {
    this.#pino.info(withRequest(fields), event);
  }

  warn(event: string, fields: Fields = {}, error?: unknown): void {
    this.#pino.warn(withRequest(fields, error), event);
    stdout.flush();
  }

  error(event: string, error: unknown, fields: Fields = {}): void {
    this.#pino.error(withRequest(fields, error), event);
    stdout.flush();
  }

  /** Nest's own messages: its warnings and errors, without the start-up chatter and without foreign error texts. */
  toNestLogger(): LoggerService {
    const faultOf = (message: unknown) => (message instanceof Error ? message : undefined);
    return {
      log: () => undefined,
      debug: () => undefined,
      verbose: () => undefined,
      warn: (message: unknown) => this.warn('framework warning', {}, faultOf(message)),
      error: (message: unknown) => this.error('framework error', faultOf(message)),
      fatal: (message: unknown) => this.error('framework failure', faultOf(message)),
    };
  }
}

function withRequest(fields: Fields, error?: unknown): object {
  const requestId = currentRequestId();
  return { ...(requestId && { requestId }), ...fields, ...(error !== undefined && { error: toSafeError(error) }) };
}
