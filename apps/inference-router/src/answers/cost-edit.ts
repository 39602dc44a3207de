import { membersOf, usageCostEdit, type AnswerParts, type Edit } from '@orgn/dialects';
import { formatUsd } from '@orgn/pricing';
import type { Exchange } from '../exchange/exchange.ts';

/**
 * Writes `usage.cost` where the caller asked for it, and over a provider's own: what the provider charges the operator
 * is not what the caller pays.
 */
export function costEdit(json: Buffer, parts: AnswerParts, exchange: Exchange): Edit[] {
  if (!exchange.request.wantsCost && !hasCost(json, parts)) return [];
  return usageCostEdit(json, parts, formatUsd(exchange.cost));
}

function hasCost(json: Buffer, parts: AnswerParts): boolean {
  const usage = parts.members.find(({ name }) => name === 'usage');
  return (
    usage !== undefined &&
    json[usage.valueStart] === 0x7b &&
    membersOf(json, usage.valueStart).some(({ name }) => name === 'cost')
  );
}
