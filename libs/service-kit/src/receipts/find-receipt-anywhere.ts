import { setTimeout as wait } from 'node:timers/promises';
import { findReceipt, isReceiptDue, readReceipt, type ReplyOf, type RequestOf } from '@orgn/contracts';
import type { Bus } from '../bus/bus.ts';

type Asked = RequestOf<typeof findReceipt>;
type Found = ReplyOf<typeof findReceipt>;
/** `lost`: one was to be made, and no router that is there has it. */
export type FoundAnywhere = Omit<Found, 'state'> & { state: Found['state'] | 'lost' };

/** How long nobody has to have a receipt that was due, in milliseconds: a busy router misses a survey, a dead one has left by then. */
const SILENT_MS = 4_500;
const PAUSE_MS = 250;
/** A request that has just ended may not have its row yet. */
const ROW_MS = 1_000;

/**
 * Finds a team's receipt wherever it is. Most are kept; the latest are in the memory of the router that ran them, which is asked between
 * two looks.
 * @param options.rowMs how long the request's row may still be on its way, in milliseconds; 0 for a request that is settled
 * @throws ServiceError `service_unavailable`
 */
export async function findReceiptAnywhere(bus: Bus, asked: Asked, { rowMs = ROW_MS } = {}): Promise<FoundAnywhere> {
  const found = await look(bus, asked);
  if (found.state !== 'absent' || !(await wasDue(bus, asked, rowMs))) return found;
  const until = performance.now() + SILENT_MS;
  while (performance.now() < until) {
    await wait(PAUSE_MS);
    const again = await look(bus, asked);
    if (again.state !== 'absent') return again;
  }
  return { ...found, state: 'lost' };
}

async function look(bus: Bus, asked: Asked): Promise<Found> {
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

async function wasDue(bus: Bus, { teamId, requestId }: Asked, rowMs: number): Promise<boolean> {
  const { isDue } = await bus.ask(isReceiptDue, { teamId, requestId });
  if (isDue || rowMs === 0) return isDue;
  await wait(rowMs);
  return (await bus.ask(isReceiptDue, { teamId, requestId })).isDue;
}
