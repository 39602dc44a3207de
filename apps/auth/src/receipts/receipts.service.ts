import { Injectable } from '@nestjs/common';
import { shownReceipt, type ConsoleReplyOf, type receiptRoutes } from '@orgn/console-api';
import { listReceiptKeys, readCheckpoint, ServiceError } from '@orgn/contracts';
import { Bus, findReceiptAnywhere, unpack, type FoundAnywhere } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';
import { RequestsService, type AboutOne } from '../usage/requests.service.ts';

type Routes = typeof receiptRoutes;

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
    return { state: found.state === 'lost' ? 'unavailable' : 'none', receipt: null };
  }

  /** @throws ServiceError `not_found` also where there is no receipt, or not yet */
  async bundle(call: ConsoleCall<Routes['bundle']>): Promise<ConsoleReplyOf<Routes['bundle']>> {
    await this.requests.find(call);
    const found = await this.#find(call, 'bundle');
    if (found.state !== 'there')
      throw new ServiceError('not_found', 'There is no receipt of this request, or not yet.');
    return JSON.parse((await unpack(found.bundle ?? '')).toString('utf8')) as ConsoleReplyOf<Routes['bundle']>;
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

  #find(call: AboutOne, form: 'receipt' | 'bundle'): Promise<FoundAnywhere> {
    const { teamId } = call.membership;
    return findReceiptAnywhere(this.bus, { teamId, requestId: call.params.requestId, form }, { rowMs: 0 });
  }
}
