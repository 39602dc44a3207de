import { Injectable } from '@nestjs/common';
import {
  mayDo,
  type ConsoleReplyOf,
  type ConsoleRequest,
  type RequestDetail,
  type requestRoutes,
} from '@orgn/console-api';
import {
  getRequest,
  searchRequests,
  ServiceError,
  type ReplyOf,
  type RequestRecord,
  type UserId,
} from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import type { ConsoleCall } from '../console/console-call.ts';
import { People } from '../users/people.ts';
import { KeyNames } from './key-names.ts';
import { toRequestDetail, toShownRequest, type Names } from './shown-request.ts';
import { toTimeSpan } from './time-span.ts';
import { scopeOf } from './usage-scope.ts';

/** A call about one request of the caller's team. */
export type AboutOne = Pick<ConsoleCall<typeof requestRoutes.get>, 'membership' | 'caller' | 'params'>;
type ListCall = ConsoleCall<typeof requestRoutes.list>;

/** Requests of an export that are read at a time, and altogether. */
const EXPORT_PAGE = 200;
const MOST_EXPORTED = 100_000;

/** What is kept of single requests, for those who may know. */
@Injectable()
export class RequestsService {
  constructor(
    private readonly bus: Bus,
    private readonly keys: KeyNames,
    private readonly people: People,
  ) {}

  async list(call: ListCall): Promise<ConsoleReplyOf<typeof requestRoutes.list>> {
    const { records, next, completeUntil, counted } = await this.#search(call, call.query);
    const names = await this.#namesOf(call, records);
    return { data: records.map((record) => toShownRequest(record, names)), nextCursor: next, completeUntil, counted };
  }

  /**
   * Everything that the filters match, newest first, a page at a time; 100,000 requests at most.
   * @returns after the last one, the cursor to go on with; null: that was all
   */
  async *export(call: ListCall): AsyncGenerator<ConsoleRequest[], string | null> {
    let cursor = call.query.cursor;
    for (let exported = 0; exported < MOST_EXPORTED;) {
      const { records, next } = await this.#search(call, { cursor, limit: EXPORT_PAGE });
      const names = await this.#namesOf(call, records);
      yield records.map((record) => toShownRequest(record, names));
      exported += records.length;
      if (next === null) return null;
      cursor = next;
    }
    return cursor ?? null;
  }

  /** @throws ServiceError `not_found`, also for a request of others where the caller sees their own only */
  async get(call: ConsoleCall<typeof requestRoutes.get>): Promise<RequestDetail> {
    const found = await this.find(call);
    return toRequestDetail(found, await this.#namesOf(call, [found]));
  }

  /** What is kept of one request. @throws ServiceError as `get` */
  async find(call: AboutOne): Promise<ReplyOf<typeof getRequest>> {
    const { membership, caller } = call;
    const found = await this.#ask(call);
    const isOwn = ownerOf(found) === caller.userId;
    if (!isOwn && !mayDo(membership.role, 'requests.read', false)) throw unknownRequest();
    return found;
  }

  async #ask({ membership, params }: AboutOne): Promise<ReplyOf<typeof getRequest>> {
    try {
      return await this.bus.ask(getRequest, { teamId: membership.teamId, requestId: params.requestId });
    } catch (error) {
      throw error instanceof ServiceError && error.code === 'not_found' ? unknownRequest() : error;
    }
  }

  #search(call: ListCall, page: Pick<ListCall['query'], 'cursor' | 'limit'>): Promise<ReplyOf<typeof searchRequests>> {
    const { outcome = null, source = null, code = null } = call.query;
    const { from, until } = toTimeSpan(call.query, Date.now());
    const { cursor = null, limit } = page;
    const scope = scopeOf(call, 'requests.read');
    return this.bus.ask(searchRequests, { ...scope, from, until, outcome, source, code, cursor, limit });
  }

  async #namesOf({ membership }: Pick<ListCall, 'membership'>, records: readonly RequestRecord[]): Promise<Names> {
    if (records.length === 0) return { keys: new Map(), people: new Map() };
    const [keys, people] = await Promise.all([this.keys.of(membership.teamId), this.people.byId(records.map(ownerOf))]);
    return { keys, people };
  }
}

function ownerOf({ row, refusal }: RequestRecord): UserId | null {
  return row?.ownerId ?? refusal?.ownerId ?? null;
}

function unknownRequest(): ServiceError {
  return new ServiceError(
    'not_found',
    'There is no request of this id that you may see. An id that came with invalid_api_key belongs to nobody: of unknown keys nothing is kept. Refused requests are kept for 14 days, and told here some seconds after.',
    { param: 'requestId' },
  );
}
