import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Injectable } from '@nestjs/common';
import { shownReceipt, type ConsoleReplyOf, type receiptRoutes } from '@orgn/console-api';
import {
  findReceipt,
  isReceiptDue,
  listReceiptKeys,
  readCheckpoint,
  readReceipt,
  ServiceError,
  type ReplyOf,
  type RequestId,
  type TeamId,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';
import { RequestsService, type AboutOne } from '../usage/requests.service.ts';

type Routes = typeof receiptRoutes;
type Found = ReplyOf<typeof findReceipt>;

const MOST_BUNDLE_BYTES = 32 * 1024 * 1024;

/** Receipts of the requests that somebody may see, from the routers that made them. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly bus: Bus,
    private readonly requests: RequestsService,
  ) {}

  /** @throws ServiceError `not_found` for a request that the caller may not see, or that is not settled yet */
  async get(call: ConsoleCall<Routes['get']>): Promise<ConsoleReplyOf<Routes['get']>> {
    await this.requests.find(call);
    const found = await this.#find(call, 'receipt');
    if (found.state === 'there')
      return { state: 'there', receipt: shownReceipt.parse(JSON.parse(found.receipt ?? '')) };
    if (found.state === 'due') return { state: 'due', receipt: null };
    const { teamId } = call.membership;
    const { isDue } = await this.bus.ask(isReceiptDue, { teamId, requestId: call.params.requestId });
    return { state: isDue ? 'unavailable' : 'none', receipt: null };
  }

  /** @throws ServiceError `not_found` also where there is no receipt, or not yet */
  async bundle(call: ConsoleCall<Routes['bundle']>): Promise<ConsoleReplyOf<Routes['bundle']>> {
    await this.requests.find(call);
    const found = await this.#find(call, 'bundle');
    if (found.state !== 'there')
      throw new ServiceError('not_found', 'There is no receipt of this request, or not yet.');
    return (await unpack(found.bundle ?? '')) as ConsoleReplyOf<Routes['bundle']>;
  }

  /** @throws ServiceError `service_unavailable` when no router answers */
  async keys(): Promise<ConsoleReplyOf<Routes['keys']>> {
    const { keys, log } = await this.bus.ask(listReceiptKeys, {});
    return {
      keys: keys.map(({ kid, publicKey }) => ({ kid, algorithm: 'ed25519', public_key: publicKey })),
      ...(log && { log: { origin: log.origin, verifier_keys: log.verifierKeys } }),
    };
  }

  /** @throws ServiceError `service_unavailable` when no router answers */
  log(): Promise<ConsoleReplyOf<Routes['log']>> {
    return this.bus.ask(readCheckpoint, {});
  }

  /** Most are kept; the latest are in the memory of the router that ran them, which is asked between two looks. */
  async #find(call: AboutOne, form: 'receipt' | 'bundle'): Promise<Found> {
    const { teamId } = call.membership;
    const { requestId } = call.params;
    const kept = await this.#read({ teamId, requestId, form });
    if (kept.state === 'there') return kept;
    const replies = await this.bus.survey(findReceipt, { teamId, requestId, form });
    const found = replies.find(({ state }) => state === 'there') ?? replies.find(({ state }) => state === 'due');
    return found ?? this.#read({ teamId, requestId, form });
  }

  async #read(question: { teamId: TeamId; requestId: RequestId; form: 'receipt' | 'bundle' }): Promise<Found> {
    const asked = { ...question, chatId: null };
    // The router that was asked may just have died: any other has it too.
    const kept = await this.bus.ask(readReceipt, asked).catch(() => this.bus.ask(readReceipt, asked));
    const { isThere, receipt, bundle } = kept;
    return { state: isThere ? 'there' : 'absent', receipt, bundle };
  }
}

async function unpack(base64: string): Promise<unknown> {
  const bytes = await promisify(gunzip)(Buffer.from(base64, 'base64'), { maxOutputLength: MOST_BUNDLE_BYTES });
  return JSON.parse(bytes.toString('utf8'));
}
