import type { ConsoleRequest, CostLine, RequestDetail } from '@orgn/console-api';
import {
  errorTable,
  type getRequest,
  type ModelPrice,
  type ReplyOf,
  type RequestRecord,
  type UsageRow,
} from '@orgn/contracts';
import { errorDocs } from '@orgn/dialects';
import { costParts, formatPart, formatUsd } from '@orgn/pricing';
import type { PeopleById } from '../users/people.ts';
import { namedKeyOf, type KeysById } from './key-names.ts';

export interface Names {
  keys: KeysById;
  people: PeopleById;
}

/** A request as a list shows it. */
export function toShownRequest(record: RequestRecord, names: Names): ConsoleRequest {
  const { row } = record;
  return row ? toDispatched(row, record.refusal, names) : toRefused(record.refusal, names);
}

/** The same with all that is kept of it. */
export function toRequestDetail({ price, ...record }: ReplyOf<typeof getRequest>, names: Names): RequestDetail {
  const { row } = record;
  return {
    ...toShownRequest(record, names),
    usage: row && toUsage(row),
    priceVersion: row?.priceVersion ?? null,
    lines: row && price && row.outcome !== 'withheld' ? toLines(row, price) : null,
  };
}

function toDispatched(row: UsageRow, refusal: RequestRecord['refusal'], names: Names): ConsoleRequest {
  const { requestId: id, startedAt: at, outcome, source, ownerId, lineageId, costNanoUsd } = row;
  const { model, provider, execution, streamed, promptTokens, completionTokens, durationMs } = row;
  return {
    ...{ id, at, outcome, source },
    key: source === 'playground' ? null : namedKeyOf(row.keyId, names.keys),
    member: ownerId && (names.people.get(ownerId) ?? null),
    owner: ownerId === null ? (lineageId === null ? 'unrecorded' : 'operator') : 'member',
    ...{ model, provider, execution, streamed, promptTokens, completionTokens },
    // Nobody pays for an answer that was not released.
    costUsd: formatUsd(outcome === 'withheld' ? 0 : costNanoUsd),
    durationMs,
    refusal: toReason(refusal),
  };
}

const nothingUsed = { provider: null, execution: null, streamed: null, promptTokens: 0, completionTokens: 0 } as const;

function toRefused(refusal: RequestRecord['refusal'], names: Names): ConsoleRequest {
  if (!refusal) throw new Error('a request with neither a row nor a refusal');
  const { requestId: id, at, keyId, ownerId, model, durationMs } = refusal;
  return {
    ...{ id, at, outcome: 'refused', source: 'api', model, durationMs },
    key: namedKeyOf(keyId, names.keys),
    member: ownerId && (names.people.get(ownerId) ?? null),
    owner: ownerId === null ? 'operator' : 'member',
    ...nothingUsed,
    costUsd: formatUsd(0),
    refusal: toReason(refusal),
  };
}

function toReason(refusal: RequestRecord['refusal']): ConsoleRequest['refusal'] {
  if (!refusal) return null;
  const { code, param, path } = refusal;
  const { when, action } = errorDocs[code];
  return { code, status: errorTable[code].status, param, path, when, action };
}

function toUsage(row: UsageRow): NonNullable<RequestDetail['usage']> {
  const { countedBy, witness, recordedAt } = row;
  return {
    cachedTokens: row.cachedTokens ?? null,
    cacheWriteTokens: row.cacheWriteTokens ?? null,
    reasoningTokens: row.reasoningTokens ?? null,
    images: row.images ?? null,
    audioSeconds: row.audioSeconds ?? null,
    searchUnits: row.searchUnits ?? null,
    claims: row.claims ?? null,
    ...{ countedBy, witness, recordedAt },
  };
}

function toLines(row: UsageRow, price: ModelPrice): CostLine[] {
  return costParts(row, price).map((part) => ({
    what: part.what,
    count: Number(part.count),
    rate: part.rate,
    usd: formatPart(part),
  }));
}
