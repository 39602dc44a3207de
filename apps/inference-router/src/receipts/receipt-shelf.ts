import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { canonicalJson, type SessionEvidence } from '@orgn/attestation';
import type { Bundle, Receipt } from '@orgn/receipts';

const MOST_RECEIPTS = 10_000;
const gzipped = promisify(gzip);

/** A receipt that is due, or there. */
interface Entry {
  readonly teamId: string;
  receipt: Receipt | undefined;
  evidence: Evidence | undefined;
}

interface Evidence {
  readonly digest: string;
  readonly content: SessionEvidence;
}

/** The receipts that this router made last. Evidence is kept once, however many receipts name it, and as long as one does. */
export class ReceiptShelf {
  readonly #entries = new Map<string, Entry>();
  readonly #byChat = new Map<string, string>();

  /** Says that a receipt will come. */
  expect(requestId: string, teamId: string): void {
    this.#entries.set(requestId, { teamId, receipt: undefined, evidence: undefined });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MOST_RECEIPTS && oldest !== undefined) this.drop(oldest);
  }

  put(receipt: Receipt, evidence: Evidence | undefined): void {
    const entry = this.#entries.get(receipt.receipt_id);
    if (!entry) return;
    entry.receipt = receipt;
    entry.evidence = evidence;
    if (receipt.chat_id !== null) this.#byChat.set(chatKey(entry.teamId, receipt.chat_id), receipt.receipt_id);
  }

  drop(requestId: string): void {
    const entry = this.#entries.get(requestId);
    if (entry?.receipt?.chat_id) this.#byChat.delete(chatKey(entry.teamId, entry.receipt.chat_id));
    this.#entries.delete(requestId);
  }

  /** @returns undefined for what is not there or is another team's, `due` for what will be */
  find(requestId: string, teamId: string): Receipt | 'due' | undefined {
    const entry = this.#entries.get(requestId);
    return entry?.teamId === teamId ? (entry.receipt ?? 'due') : undefined;
  }

  findByChat(chatId: string, teamId: string): Receipt | undefined {
    const receipt = this.find(this.#byChat.get(chatKey(teamId, chatId)) ?? '', teamId);
    return receipt === 'due' ? undefined : receipt;
  }

  /** The bundle's canonical JSON, compressed, in base64. */
  async bundleOf({ receipt_id: id }: Receipt): Promise<string> {
    const { receipt, evidence } = this.#entries.get(id) ?? {};
    if (!receipt) throw new TypeError('the receipt was found just now');
    const bundle: Bundle = {
      format: 'orgn-receipt-bundle/1',
      receipt,
      evidence: evidence ? { [evidence.digest]: evidence.content as unknown as Bundle['evidence'][string] } : {},
      log: 'pending',
    };
    return (await gzipped(canonicalJson(bundle))).toString('base64');
  }
}

const chatKey = (teamId: string, chatId: string) => `${teamId} ${chatId}`;
