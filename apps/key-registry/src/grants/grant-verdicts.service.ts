import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceError, type KeyId, type ReplyOf, type RequestOf, type verifyGrant } from '@orgn/contracts';
import { mintTicket, noLimits } from '@orgn/service-kit';
import { KeyRegistryConfig } from '../config.ts';
import { unknownKey } from '../keys/key-refusal.ts';
import { countingOf } from '../keys/key-ticket.ts';
import { VerdictsService } from '../keys/verdicts.service.ts';
import { GrantsRepository, type GrantJudgement } from './grants.repository.ts';

/** Says whether grants are good for their requests. Nothing is remembered from one call to the next. */
@Injectable()
export class GrantVerdictsService {
  constructor(
    private readonly grants: GrantsRepository,
    private readonly keys: VerdictsService,
    private readonly config: KeyRegistryConfig,
  ) {}

  /** @throws ServiceError as its verdict says, or as that of the key which it stands for */
  async verify({ digest, requestId }: RequestOf<typeof verifyGrant>): Promise<ReplyOf<typeof verifyGrant>> {
    const grant = await this.grants.judge(digest, requestId);
    if (!grant) throw unknownKey();
    requireGood(grant);
    const {
      id: keyId,
      asKey,
      teamId,
      ownerId,
      executionPolicy,
      judgedAt,
      teamBudget,
      memberBudget,
      teeDemands,
    } = grant;
    if (asKey !== null) return { ...(await this.keys.verifyOwn(asKey, { teamId, ownerId, requestId })), isKey: true };
    const lineageId = lineageOf(grant);
    // What limits a key limits no such grant: only the team's and its member's budgets do.
    const limits = { ...noLimits, teamBudget, memberBudget, teeDemands };
    const whose = { source: 'playground' as const, requestId, keyId, teamId, ownerId, lineageId };
    const admission = { ...whose, executionPolicy, ...limits, admittedAtMs: judgedAt.getTime() };
    const ticket = mintTicket(this.config.ADMISSION_KEYS, admission, null);
    const unrestricted = { models: null, ipAllowList: null };
    return { keyId, teamId, lineageId, executionPolicy, ...unrestricted, ...countingOf(limits), ticket, isKey: false };
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
