import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceError, verifyKey, type Model, type ReplyOf } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { invalidKey } from './authorization-header.ts';

/** Who is calling: the key's public id, its team and what it may execute. */
export type Caller = ReplyOf<typeof verifyKey>;

/** Asks the registry who a key belongs to: on every request, with no cache, so that a revoked key is dead at once. */
@Injectable()
export class CallersService {
  constructor(private readonly bus: Bus) {}

  /**
   * @param key the raw key, which goes no further than here: only its SHA-256 leaves the process
   * @throws ServiceError `invalid_api_key`, `key_revoked`, `key_expired`, `key_disabled` or `service_unavailable`
   */
  async verify(key: string): Promise<Caller> {
    const digest = createHash('sha256').update(key).digest('base64url');
    try {
      return await this.bus.ask(verifyKey, { digest });
    } catch (error) {
      throw error instanceof ServiceError && error.code === 'invalid_api_key' ? invalidKey() : error;
    }
  }
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
      `This API key runs models in a TEE only, and ${model.id} does not. Choose a near_ or phala_ model.`,
      { param: 'model' },
    );
  }
  if (!isListed(caller, model)) {
    throw new ServiceError(
      'model_not_allowed',
      `This API key may not use ${model.id}. Choose one of the models it is limited to.`,
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
