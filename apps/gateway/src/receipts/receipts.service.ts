import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import {
  findReceipt,
  findSignature,
  listReceiptKeys,
  requestId,
  ServiceError,
  type ReplyOf,
  type RequestId,
  type TeamId,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { CallersService } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';

/** How long a receipt that is being made is waited for, in milliseconds. */
const PATIENCE_MS = 12_000;
const PAUSE_MS = 250;
const MOST_BUNDLE_BYTES = 32 * 1024 * 1024;

type Form = 'receipt' | 'bundle';
type Found = ReplyOf<typeof findReceipt>;

/** A team's own receipts, from the routers that made them. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly callers: CallersService,
    private readonly bus: Bus,
  ) {}

  /** @returns JSON as text @throws ServiceError `not_found` also for another team's, or as any use of the key */
  async find(key: PresentedKey, id: string, form: Form): Promise<string> {
    const { teamId } = await this.callers.verify(key);
    const parsed = requestId.safeParse(id);
    if (!parsed.success) throw absent();
    const found = await this.#awaited(parsed.data, teamId, form);
    if (found?.state !== 'there') throw absent();
    return form === 'receipt' ? (found.receipt ?? '') : unpack(found.bundle ?? '');
  }

  /** Waits for a receipt that is being made. */
  async #awaited(id: RequestId, teamId: TeamId, form: Form): Promise<Found | undefined> {
    const until = performance.now() + PATIENCE_MS;
    let found = await this.#ask(id, teamId, form);
    while (found?.state === 'due' && performance.now() < until) {
      await wait(PAUSE_MS);
      found = await this.#ask(id, teamId, form);
    }
    return found;
  }

  /** What the provider signed of an answer of the team's, in NEAR's form. @throws ServiceError `not_found` */
  async signatureOf(key: PresentedKey, chatId: string): Promise<object> {
    const { teamId } = await this.callers.verify(key);
    if (!/^[\w-]{1,128}$/.test(chatId)) throw absent();
    const replies = await this.bus.survey(findSignature, { chatId, teamId });
    const signature = replies.find((reply) => reply.signature !== null)?.signature;
    if (!signature) throw absent();
    return signature;
  }

  /** What receipts are verified with. */
  async keys(): Promise<object> {
    const { keys } = await this.bus.ask(listReceiptKeys, {});
    return { keys: keys.map(({ kid, publicKey }) => ({ kid, algorithm: 'ed25519', public_key: publicKey })) };
  }

  async #ask(id: RequestId, teamId: TeamId, form: Form): Promise<Found | undefined> {
    const replies = await this.bus.survey(findReceipt, { requestId: id, teamId, form });
    return replies.find(({ state }) => state === 'there') ?? replies.find(({ state }) => state === 'due');
  }
}

async function unpack(base64: string): Promise<string> {
  const bytes = await promisify(gunzip)(Buffer.from(base64, 'base64'), { maxOutputLength: MOST_BUNDLE_BYTES });
  return bytes.toString('utf8');
}

function absent(): ServiceError {
  return new ServiceError('not_found', 'There is no such receipt, or it is not kept any more.');
}
