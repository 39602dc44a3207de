import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  keysChanged,
  ServiceError,
  type endGrants,
  type issueGrant,
  type ReplyOf,
  type RequestOf,
} from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { GrantsRepository } from './grants.repository.ts';

const SWEEP_MS = 10 * 60_000;

/** Grants for the playground: what stands in a key's place for one request of somebody who is signed in. */
@Injectable()
export class GrantsService implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly grants: GrantsRepository,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#sweep(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** @throws ServiceError `team_suspended`, also where the request has a grant already */
  async issue(grant: RequestOf<typeof issueGrant>): Promise<ReplyOf<typeof issueGrant>> {
    if (await this.grants.issue(grant)) return {};
    throw new ServiceError('team_suspended', 'The team is suspended; its owners know why.');
  }

  async end({ sessionIds, requestIds }: RequestOf<typeof endGrants>): Promise<ReplyOf<typeof endGrants>> {
    const keyIds = await this.grants.end(sessionIds, requestIds);
    if (keyIds.length > 0) this.bus.broadcast(keysChanged, { keyIds });
    return { ended: keyIds.length };
  }

  async #sweep(): Promise<void> {
    try {
      await this.grants.sweep();
    } catch (error) {
      this.log.warn('ended grants not cleaned up, will retry', {}, error);
    }
  }
}
