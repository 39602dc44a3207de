import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallersService, isRefusal } from '../authentication/callers.service.ts';
import { KnownKeys } from '../authentication/known-keys.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { RefusalError } from '../errors/refusal.error.ts';
import { SURRENDER_PATH } from '../paths/endpoints.ts';
import { FrontGate } from './front-gate.ts';
import { LookUpPace } from './look-up-pace.ts';

/**
 * Asks the registry about keys that were not accepted here lately, before anything of a body is taken. The answer is used
 * for nothing but that: what a request does is decided by asking again once its body is there.
 */
@Injectable()
export class Doorkeeper {
  constructor(
    private readonly gate: FrontGate,
    private readonly callers: CallersService,
    private readonly known: KnownKeys,
    private readonly pace: LookUpPace,
  ) {}

  /**
   * Finds out whether a request is a stranger's. Nothing is read from its connection while the registry is asked, nor while it
   * waits for that.
   * @throws RefusalError or ServiceError for what its head alone says against it, or as the key's verification does
   */
  async question(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const key = this.gate.identify(request, reply);
    if (!key) return;
    request.apiKey = key;
    if (this.known.lineageOf(key.digest) !== undefined) return;
    const { socket } = request.raw;
    if (hasBody(request)) socket.pause();
    try {
      await this.pace.turn();
      await this.#ask(key, request.routeOptions.url === SURRENDER_PATH);
    } finally {
      socket.resume();
    }
  }

  async #ask(key: PresentedKey, isSurrender: boolean): Promise<void> {
    try {
      await this.callers.verify(key);
    } catch (error) {
      if (isSurrender && isRefusal(error) && error.code !== 'invalid_api_key') return;
      if (isRefusal(error) || error instanceof RefusalError) this.pace.refused();
      throw error;
    }
  }
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
