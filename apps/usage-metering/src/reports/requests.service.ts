import { Injectable } from '@nestjs/common';
import {
  ServiceError,
  type getRequest,
  type ReplyOf,
  type RequestOf,
  type RequestRecord,
  type searchRequests,
} from '@orgn/contracts';
import { PriceList } from '../prices/price-list.ts';
import { UsageStreamWatch } from '../usage/usage-stream-watch.ts';
import { RequestsRepository } from './requests.repository.ts';

/** Single requests of a team. */
@Injectable()
export class RequestsService {
  constructor(
    private readonly requests: RequestsRepository,
    private readonly prices: PriceList,
    private readonly stream: UsageStreamWatch,
  ) {}

  async search(search: RequestOf<typeof searchRequests>): Promise<ReplyOf<typeof searchRequests>> {
    const completeUntil = this.stream.completeUntil?.toISOString() ?? null;
    const page = await this.requests.search(search);
    const counted = search.cursor === null ? await this.requests.counted(search) : [];
    return { ...page, completeUntil, counted };
  }

  /** @throws ServiceError `not_found` for another team's request as for none */
  async get({ teamId, requestId }: RequestOf<typeof getRequest>): Promise<ReplyOf<typeof getRequest>> {
    const record = await this.requests.find(teamId, requestId);
    if (!record) throw new ServiceError('not_found', 'There is no request with this id.', { param: 'requestId' });
    return { ...record, price: await this.#priceOf(record) };
  }

  #priceOf({ row }: RequestRecord) {
    return row ? this.prices.find(row.priceVersion, row.model) : null;
  }
}
