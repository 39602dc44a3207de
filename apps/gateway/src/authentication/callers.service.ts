import { Injectable } from '@nestjs/common';
import {
  inspectKey,
  ServiceError,
  surrenderKey,
  verifyGrant,
  verifyKey,
  type ClientContext,
  type KeyView,
  type Model,
  type ReplyOf,
  type RequestId,
} from '@orgn/contracts';
import { Bus, networkRange } from '@orgn/service-kit';
import { isInside } from './address-ranges.ts';
import { invalidKey } from './authorization-header.ts';
import { GuessingBrake } from './guessing-brake.ts';
import { KeyRefusals } from './key-refusals.ts';
import { KnownKeys } from './known-keys.ts';
import type { PresentedKey } from './presented-key.ts';

/** Who is calling: the key's public id, its team and what it may execute. */
export interface Caller extends ReplyOf<typeof verifyKey> {
  /** When the registry was asked, in milliseconds of the monotonic clock: its word is no younger than that. */
  askedAt: number;
  /** It is a person at the playground, under a grant that stands for no key. */
  isPlayground?: true;
}

/** Asks the registry who a key belongs to: on every request, with no cache, so that a revoked key is dead at once. */
@Injectable()
export class CallersService {
  constructor(
    private readonly bus: Bus,
    private readonly brake: GuessingBrake,
    private readonly known: KnownKeys,
    private readonly refusals: KeyRefusals,
  ) {}

  /**
   * @param requestId the request that the key is presented for; null where it is only looked at
   * @throws ServiceError `invalid_api_key`, `key_revoked`, `key_expired`, `key_disabled`, `key_owner_removed`,
   * `team_suspended`, `ip_not_allowed` or `service_unavailable`
   * @throws RefusalError `rate_limit_exceeded` where many unknown keys come from
   */
  async verify(key: PresentedKey, requestId: RequestId | null = null): Promise<Caller> {
    const caller = await this.#lookUp(key, () => this.confirm(key, requestId));
    this.known.note(key.digest, caller.lineageId);
    return caller;
  }

  /** `verify` for a request that runs under a verified key: the brake on guessing has no say in it. */
  async confirm(presented: PresentedKey, requestId: RequestId | null = null): Promise<Caller> {
    const { digest, address, userAgent, grantedRequest } = presented;
    const askedAt = performance.now();
    if (grantedRequest) {
      const { isKey, ...granted } = await this.bus.ask(verifyGrant, { digest, requestId: grantedRequest });
      return { ...granted, askedAt, ...(!isKey && { isPlayground: true }) };
    }
    const client = { userAgent, network: networkRange(address) };
    const caller = await this.bus.ask(verifyKey, { digest, requestId, client });
    requireAddress(caller.ipAllowList, address);
    return { ...caller, askedAt };
  }

  /** What a key may know about itself. @throws as `verify` does */
  inspect(presented: PresentedKey): Promise<ReplyOf<typeof inspectKey>> {
    const { digest, address } = presented;
    return this.#lookUp(presented, async () => {
      const key = await this.bus.ask(inspectKey, { digest });
      requireAddress(key.ipAllowList, address);
      return key;
    });
  }

  /**
   * Ends a key for whoever holds it. Possession of the whole secret is the authority, so neither its state nor the
   * address counts: a leaked key must be killable by its finder.
   * @throws ServiceError `invalid_api_key`, or `service_unavailable` when it is not known to be revoked
   */
  surrender(key: PresentedKey, client: ClientContext): Promise<KeyView> {
    return this.#lookUp(key, async () => {
      const ended = await this.bus.ask(surrenderKey, { digest: key.digest, client });
      this.known.forget(key.digest);
      if (ended.state === 'revoked') return ended;
      throw new ServiceError('service_unavailable', 'The key could not be revoked; try again shortly.');
    });
  }

  async #lookUp<T>(key: PresentedKey, ask: () => Promise<T>): Promise<T> {
    // Nobody guesses grants: they come through auth's own door.
    const isKnown = key.grantedRequest !== undefined || this.known.lineageOf(key.digest) !== undefined;
    try {
      return await (isKnown ? ask() : this.brake.lookUp(key, ask));
    } catch (error) {
      this.refusals.count(error);
      if (isRefusal(error)) this.known.forget(key.digest);
      if (!(error instanceof ServiceError) || error.code !== 'invalid_api_key') throw error;
      if (isKnown) this.brake.countUnknown(key);
      throw invalidKey();
    }
  }
}

/** A word against the key. A registry that cannot be reached, or fails, has said nothing. */
export function isRefusal(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.code !== 'service_unavailable' && error.code !== 'internal';
}

/** What stands under its limits, at the beginning of a sentence. */
export function subjectOf({ isPlayground }: { isPlayground?: boolean }): string {
  return isPlayground ? 'The playground of this team' : 'This API key';
}

/** Whether a key may use a model. */
export function mayUse(caller: Caller, model: Model): boolean {
  return obeysExecutionPolicy(caller, model) && isListed(caller, model);
}

/** @throws ServiceError `execution_policy` or `model_not_allowed` when a key may not use a model */
export function requireAllowed(caller: Caller, model: Model): void {
  if (!obeysExecutionPolicy(caller, model)) {
    throw new ServiceError(
      'execution_policy',
      `${subjectOf(caller)} runs models in a TEE only, and ${model.id} does not. Choose a near_ or phala_ model.`,
      { param: 'model' },
    );
  }
  if (!isListed(caller, model)) {
    throw new ServiceError(
      'model_not_allowed',
      `${subjectOf(caller)} may not use ${model.id}. Choose one of the models it is limited to.`,
      { param: 'model' },
    );
  }
}

function obeysExecutionPolicy(caller: Caller, model: Model): boolean {
  return caller.executionPolicy === 'any' || model.execution === 'tee';
}

function isListed(caller: Caller, model: Model): boolean {
  return caller.models === null || caller.models.includes(model.id);
}

function requireAddress(ranges: Caller['ipAllowList'], address: string | null): void {
  if (ranges === null || isInside(address, ranges)) return;
  throw new ServiceError(
    'ip_not_allowed',
    `This API key may not be used from ${address ?? 'an unknown address'}. Add the address to the key's IP allow-list.`,
  );
}
