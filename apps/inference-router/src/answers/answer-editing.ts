import {
  hiddenRemovals,
  idEdit,
  membersOf,
  modelEdit,
  outermost,
  splice,
  splicePieces,
  usageCostEdit,
  usageEdits,
  type AnswerParts,
  type Edit,
} from '@orgn/dialects';
import { formatUsd } from '@orgn/pricing';
import type { Exchange } from '../exchange/exchange.ts';

/** Applies edits of an answer: what is taken out whole is not edited inside. */
export function edited(json: Buffer, edits: readonly Edit[]): Buffer {
  return splice(json, outermost(edits));
}

/** The same in pieces, of an answer that may be long. */
export function editedPieces(json: Buffer, edits: readonly Edit[]): Buffer[] {
  return splicePieces(json, outermost(edits));
}

/** What every answer, and every chunk of one, shows of us instead of its provider: the model's id, and no bookkeeping. */
export function ownEdits(json: Buffer, parts: AnswerParts, exchange: Exchange): Edit[] {
  return [...namingEdits(parts, exchange), ...hiddenRemovals(json)];
}

/** Its model's id and its own. */
export function namingEdits(parts: AnswerParts, exchange: Exchange): Edit[] {
  const { model, kind } = exchange.target;
  const ids = kind.hidesIds ? idEdit(parts, `${exchange.request.answer.idPrefix}${exchange.order.requestId}`) : [];
  return [...modelEdit(parts, model.id), ...ids];
}

/**
 * Makes `usage` say exactly what is charged, once that is known. `usage.cost` is written where the caller asked for it, and
 * over a provider's own: what the provider charges the operator is not what the caller pays.
 */
export function chargeEdits(json: Buffer, parts: AnswerParts, exchange: Exchange): Edit[] {
  const { request, count, cost } = exchange;
  const costUsd = request.wantsCost || hasCost(json, parts) ? formatUsd(cost) : undefined;
  const edits = usageEdits(json, parts, { form: request.answer.usage, told: count, costUsd });
  const isRewritten = edits.some(({ text }) => text.includes('"cost":'));
  return costUsd === undefined || isRewritten ? edits : [...edits, ...usageCostEdit(json, parts, costUsd)];
}

function hasCost(json: Buffer, parts: AnswerParts): boolean {
  return parts.members
    .filter(({ name, valueStart }) => name === 'usage' && json[valueStart] === 0x7b)
    .some(({ valueStart }) => membersOf(json, valueStart).some(({ name }) => name === 'cost'));
}
