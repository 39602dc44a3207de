import { FleetingMap } from '@orgn/collections';
import type { TeamId } from '@orgn/contracts';
import type { Receipt } from '@orgn/receipts';
import type { NamedEvidence } from '../archive/contents.repository.ts';
import type { NewReceipt } from '../archive/receipts.repository.ts';

const MOST_RECEIPTS = 10_000;

/** A receipt that is due, or there. */
interface Entry {
  readonly teamId: TeamId;
  receipt: Receipt | undefined;
  evidence: readonly NamedEvidence[];
}

/**
 * Receipts on their way into the archive, and where there is none, those that this router made last. Evidence is shared by all
 * that name it.
 */
export class ReceiptShelf {
  readonly #entries = new FleetingMap<string, Entry>();
  readonly #byChat = new Map<string, string>();

  /** Says that a receipt will come. */
  expect(requestId: string, teamId: TeamId): void {
    this.#entries.set(requestId, { teamId, receipt: undefined, evidence: [] });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_RECEIPTS && oldest !== undefined) this.drop(oldest);
  }

  /** @returns false when nobody expects it any more */
  put(receipt: Receipt, evidence: readonly NamedEvidence[]): boolean {
    const entry = this.#entries.get(receipt.receipt_id);
    if (!entry) return false;
    entry.receipt = receipt;
    entry.evidence = evidence;
    if (receipt.chat_id !== null) this.#byChat.set(chatKey(entry.teamId, receipt.chat_id), receipt.receipt_id);
    return true;
  }

  drop(requestId: string): void {
    const entry = this.#entries.get(requestId);
    if (entry?.receipt?.chat_id) this.#byChat.delete(chatKey(entry.teamId, entry.receipt.chat_id));
    this.#entries.delete(requestId);
  }

  /** One that is there, whosever it is. */
  get(requestId: string): NewReceipt | undefined {
    const { teamId, receipt, evidence } = this.#entries.get(requestId) ?? {};
    return teamId && receipt && evidence && { teamId, receipt, evidence };
  }

  /** @returns undefined for what is not there or is another team's, `due` for what will be */
  find(requestId: string, teamId: TeamId): NewReceipt | 'due' | undefined {
    if (this.#entries.get(requestId)?.teamId !== teamId) return undefined;
    return this.get(requestId) ?? 'due';
  }

  findByChat(chatId: string, teamId: TeamId): Receipt | undefined {
    return this.get(this.#byChat.get(chatKey(teamId, chatId)) ?? '')?.receipt;
  }
}

const chatKey = (teamId: TeamId, chatId: string) => `${teamId} ${chatId}`;
