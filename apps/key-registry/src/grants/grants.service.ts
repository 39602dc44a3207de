import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  keysChanged,
  ServiceError,
  type endGrants,
  type issueGrant,
  type KeyId,
  type ReplyOf,
  type RequestOf,
  type verifyGrant,
} from '@orgn/contracts';
import { Bus, mintTicket, noLimits, ServiceLog } from '@orgn/service-kit';
import { KeyRegistryConfig } from '../config.ts';
import { unknownKey } from '../keys/key-refusal.ts';
import { countingOf } from '../keys/key-ticket.ts';
import { GrantsRepository, type GrantJudgement } from './grants.repository.ts';

const SWEEP_MS = 10 * 60_000;

/** Grants for the playground: what stands in a key's place for one request of somebody who is signed in. */
@Injectable()
export class GrantsService implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly grants: GrantsRepository,
    private readonly config: KeyRegistryConfig,
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

  /** @throws ServiceError as its verdict says */
  async verify({ digest, requestId }: RequestOf<typeof verifyGrant>): Promise<ReplyOf<typeof verifyGrant>> {
    const grant = await this.grants.judge(digest, requestId);
    if (!grant) throw unknownKey();
    requireGood(grant);
    const { id: keyId, teamId, ownerId, executionPolicy, judgedAt, teamBudget, memberBudget } = grant;
    const lineageId = lineageOf(grant);
    // What limits a key limits no grant: only the team's and its member's budgets do.
    const limits = { ...noLimits, teamBudget, memberBudget };
    const whose = { source: 'playground' as const, requestId, keyId, teamId, ownerId, lineageId };
    const admission = { ...whose, executionPolicy, ...limits, admittedAtMs: judgedAt.getTime() };
    const ticket = mintTicket(this.config.ADMISSION_KEYS, admission, null);
    const unrestricted = { models: null, ipAllowList: null };
    return { keyId, teamId, lineageId, executionPolicy, ...unrestricted, ...countingOf(limits), ticket };
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

function requireGood({ isEnded, isExpired, standing }: GrantJudgement): void {
  if (standing !== 'active') throw new ServiceError('team_suspended', 'The team is suspended; its owners know why.');
  if (isEnded) throw new ServiceError('key_revoked', 'You have signed out, or this request was ended.');
  if (isExpired) throw new ServiceError('key_expired', 'This request has lasted too long.');
}

/** What limits of a key are counted by: all of a person's requests in the playground of one team. */
function lineageOf({ teamId, ownerId }: GrantJudgement): KeyId {
  const digest = createHash('sha256').update(`playground ${teamId} ${ownerId}`).digest('hex');
  return `key_${digest.slice(0, 32)}` as KeyId;
}
