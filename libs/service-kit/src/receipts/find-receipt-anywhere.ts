import { findReceipt, readReceipt, type ReplyOf, type RequestOf } from '@orgn/contracts';
import type { Bus } from '../bus/bus.ts';

type Asked = RequestOf<typeof findReceipt>;
type Found = ReplyOf<typeof findReceipt>;

/**
 * Finds a team's receipt wherever it is. Most are kept; the latest are in the memory of the router that ran them, which is asked between
 * two looks.
 * @throws ServiceError `service_unavailable`
 */
export async function findReceiptAnywhere(bus: Bus, asked: Asked): Promise<Found> {
  const kept = await readKept(bus, asked);
  if (kept.state === 'there') return kept;
  const replies = await bus.survey(findReceipt, asked);
  const found = replies.find(({ state }) => state === 'there') ?? replies.find(({ state }) => state === 'due');
  // It may have been kept in between.
  return found ?? readKept(bus, asked);
}

async function readKept(bus: Bus, asked: Asked): Promise<Found> {
  const question = { ...asked, chatId: null };
  // A router that has just died takes a question along; another one has the same archive.
  const kept = await bus.ask(readReceipt, question).catch(() => bus.ask(readReceipt, question));
  const { isThere, receipt, bundle } = kept;
  return { state: isThere ? 'there' : 'absent', receipt, bundle };
}
