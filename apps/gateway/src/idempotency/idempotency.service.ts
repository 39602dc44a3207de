import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  beginIdempotent,
  endIdempotent,
  ServiceError,
  type ReplyOf,
  type RequestOf,
  type RequestId,
  type TeamId,
} from '@orgn/contracts';
import { formatUsd } from '@orgn/pricing';
import { Bus, ServiceLog } from '@orgn/service-kit';
import type { RelayEnd } from '../relay/relay-end.ts';
import { textDigest } from './request-digest.ts';

type Beginning = ReplyOf<typeof beginIdempotent>;

const PATIENCE_MS = 400;
const STEP_MS = 50;

/** A request that may carry an idempotency key. */
export interface NamedRequest {
  /** The key, and the SHA-256 of the request that it names. */
  name: { key: string; bodyDigest: string } | undefined;
  teamId: TeamId;
  requestId: RequestId;
}

/**
 * Keeps work that a caller has named from being done twice, whichever gateway the repetition reaches. Only digests leave
 * the process, and answers are kept nowhere: a repetition learns what became of the first request, not what it said.
 */
@Injectable()
export class IdempotencyService {
  constructor(
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  /**
   * Runs a request, unless its idempotency key was used before.
   * @throws ServiceError `idempotency_in_progress`, `idempotency_completed` or `idempotency_mismatch`;
   *   `service_unavailable` when it cannot be known, since a second run would be worse than none
   */
  async once(request: NamedRequest, run: () => Promise<RelayEnd>): Promise<RelayEnd> {
    const { name, teamId, requestId } = request;
    if (!name) return run();
    const digests = { keyDigest: textDigest(name.key), bodyDigest: name.bodyDigest };
    const first = await this.#begin({ teamId, requestId, ...digests });
    if (first.state !== 'started') throw toRefusal(first);
    const end = await run();
    await this.#end(request, end);
    return end;
  }

  /** The end of a request is told while its caller reads the answer: one that seems to run may just have ended. */
  async #begin(question: RequestOf<typeof beginIdempotent>): Promise<Beginning> {
    for (let waitedMs = 0; ; waitedMs += STEP_MS) {
      const first = await this.bus.ask(beginIdempotent, question);
      if (first.state !== 'in_progress' || waitedMs >= PATIENCE_MS) return first;
      await delay(STEP_MS);
    }
  }

  /** The answer is out already: a store that does not hear of its end finds it by its usage. */
  async #end({ teamId, requestId }: NamedRequest, { outcome }: RelayEnd): Promise<void> {
    try {
      await this.bus.ask(endIdempotent, { teamId, requestId, outcome });
    } catch (error) {
      this.log.warn('idempotent request not ended', {}, error);
    }
  }
}

function toRefusal({ state, requestId, outcome, costNanoUsd }: Beginning): ServiceError {
  if (state === 'mismatch') {
    const message = `This idempotency key belongs to another request (${requestId}). Use a new key for a new request.`;
    return new ServiceError('idempotency_mismatch', message, { param: 'idempotency-key' });
  }
  if (state === 'in_progress') {
    const message = `The request with this idempotency key still runs (${requestId}). It is not run a second time.`;
    return new ServiceError('idempotency_in_progress', message, { param: 'idempotency-key' });
  }
  const cost = costNanoUsd === null ? 'not settled yet' : `${formatUsd(costNanoUsd)} USD`;
  return new ServiceError(
    'idempotency_completed',
    `The request with this idempotency key has ended (${requestId}, outcome ${outcome ?? 'unknown'}, cost ${cost}). ` +
      'Answers are not kept, and it is not run a second time: use a new key to run it again.',
    { param: 'idempotency-key' },
  );
}
