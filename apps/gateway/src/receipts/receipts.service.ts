import { setTimeout as wait } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  findSignature,
  listReceiptKeys,
  readReceipt,
  requestId,
  ServiceError,
  type RequestId,
  type TeamId,
} from '@orgn/contracts';
import { Bus, findReceiptAnywhere, unpack, type FoundAnywhere } from '@orgn/service-kit';
import { CallersService } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { standingOf } from './receipt-standing.ts';

/** How long a receipt that is being made is waited for, in milliseconds. */
const PATIENCE_MS = 12_000;
const PAUSE_MS = 250;

type Form = 'receipt' | 'bundle';
interface Found {
  state: FoundAnywhere['state'];
  json?: string;
}

/** A team's own receipts, from the archive or from the routers that are making them. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly callers: CallersService,
    private readonly bus: Bus,
  ) {}

  /**
   * @returns JSON as text: the receipt, its bundle, or why there is none yet or any more
   * @throws ServiceError `not_found` also for another team's, `service_unavailable`, or as any use of the key
   */
  async find(key: PresentedKey, id: string, form: Form): Promise<string> {
    const { teamId } = await this.callers.verify(key);
    const parsed = requestId.safeParse(id);
    if (!parsed.success) throw absent();
    const { state, json } = await this.#awaited(parsed.data, teamId, form);
    if (json !== undefined) return json;
    if (state === 'due') return standingOf(parsed.data, 'pending');
    if (state === 'lost') return standingOf(parsed.data, 'unavailable');
    throw absent();
  }

  /** Waits for a receipt that is being made. */
  async #awaited(id: RequestId, teamId: TeamId, form: Form): Promise<Found> {
    const until = performance.now() + PATIENCE_MS;
    let found = await this.#ask(id, teamId, form);
    while (found.state === 'due' && performance.now() < until) {
      await wait(PAUSE_MS);
      found = await this.#ask(id, teamId, form);
    }
    return found;
  }

  /** What the provider signed of an answer of the team's, in NEAR's form. @throws ServiceError `not_found` */
  async signatureOf(key: PresentedKey, chatId: string, model: string | null): Promise<object> {
    const { teamId } = await this.callers.verify(key);
    if (!/^[\w-]{1,128}$/.test(chatId)) throw absent();
    const kept = await this.bus.ask(readReceipt, { teamId, requestId: null, chatId, model, form: 'signature' });
    if (kept.signature) return kept.signature;
    const replies = await this.bus.survey(findSignature, { chatId, teamId });
    const signature = replies.find((reply) => reply.signature !== null)?.signature;
    if (!signature) throw absent();
    return signature;
  }

  /** What receipts are verified with. */
  async keys(): Promise<object> {
    const { keys, log } = await this.bus.ask(listReceiptKeys, {});
    return {
      keys: keys.map(({ kid, publicKey, firstUsedAt, lastUsedAt }) => ({
        ...{ kid, algorithm: 'ed25519', public_key: publicKey },
        ...(firstUsedAt && { first_used_at: firstUsedAt, last_used_at: lastUsedAt }),
      })),
      ...(log && { log: { origin: log.origin, verifier_keys: log.verifierKeys } }),
    };
  }

  async #ask(id: RequestId, teamId: TeamId, form: Form): Promise<Found> {
    const { state, receipt, bundle } = await findReceiptAnywhere(this.bus, { requestId: id, teamId, form });
    if (state !== 'there') return { state };
    return { state, json: receipt ?? (await unpack(bundle ?? '')).toString('utf8') };
  }
}

function absent(): ServiceError {
  return new ServiceError('not_found', 'There is no such receipt, or it is not kept any more.');
}
