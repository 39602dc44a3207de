import { Injectable } from '@nestjs/common';
import { IdempotencyService, type NamedRequest } from '../idempotency/idempotency.service.ts';
import { subjectOf } from '../authentication/callers.service.ts';
import type { AdmittedCall } from '../relay/admitted-call.ts';
import type { RelayEnd } from '../relay/relay-end.ts';
import { Relay } from '../relay/relay.ts';
import { KeyWatch } from '../running/key-watch.ts';
import { StreamSlots } from './stream-slots.ts';

/** A request that has passed every check, before it runs under watch. */
export interface Run extends Omit<AdmittedCall, 'cut'> {
  /** SHA-256 of the request as it came; of named ones only. */
  digest: string | undefined;
}

/** Requests while they run: not too many streams of one key, no work twice, and under watch for their key's sake. */
@Injectable()
export class RunsService {
  constructor(
    private readonly slots: StreamSlots,
    private readonly idempotency: IdempotencyService,
    private readonly watch: KeyWatch,
    private readonly relay: Relay,
  ) {}

  /**
   * @returns how it ended, failures included
   * @throws ServiceError or RefusalError when it was not begun
   */
  async run(run: Run): Promise<RelayEnd> {
    const free = run.isStream ? this.slots.take(run.caller.lineageId, subjectOf(run.caller)) : undefined;
    try {
      return await this.idempotency.once(toNamed(run), () => this.#relay(run));
    } finally {
      free?.();
    }
  }

  #relay(run: Run): Promise<RelayEnd> {
    const { edge, caller, models, isStream } = run;
    const use = { requestId: edge.requestId, key: edge.apiKey, caller, models, isStream };
    return this.watch.during(use, (cut) => this.relay.send({ ...run, cut }));
  }
}

function toNamed({ edge, caller, digest }: Run): NamedRequest {
  const { requestId, idempotencyKey } = edge;
  const isNamed = idempotencyKey !== undefined && digest !== undefined;
  return { requestId, teamId: caller.teamId, name: isNamed ? { key: idempotencyKey, bodyDigest: digest } : undefined };
}
