import { Injectable } from '@nestjs/common';
import type { findReceipt, findSignature, ReplyOf, RequestOf } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import { RouterConfig } from '../config.ts';
import type { DispatchOrder } from '../exchange/dispatch-order.ts';
import { HeldMemory } from '../exchange/held-memory.ts';
import { ExchangeWitness } from '../exchange/exchange-witness.ts';
import { ReceiptShelf } from './receipt-shelf.ts';
import { ReceiptWriter } from './receipt-writer.ts';

/** Receipts that are being made, or wait to be: beyond it answers go on without one. */
const MOST_UNDER_WAY = 1_000;

/** Makes receipts of exchanges once they are over, and hands out those that it made. */
@Injectable()
export class ReceiptsService {
  readonly #shelf = new ReceiptShelf();
  #underWay = 0;

  constructor(
    private readonly config: RouterConfig,
    private readonly writer: ReceiptWriter,
    private readonly memory: HeldMemory,
    private readonly log: ServiceLog,
  ) {}

  /** What will see an exchange; undefined where receipts are off, or too many are under way. */
  witness(order: DispatchOrder, endpoint: string, isStream: boolean): ExchangeWitness | undefined {
    if (!this.config.RECEIPT_KEYS || this.#underWay >= MOST_UNDER_WAY) return undefined;
    this.#shelf.expect(order.requestId, order.admitted.admission.teamId);
    return new ExchangeWitness(order, endpoint, isStream, this.memory.lease());
  }

  /** Makes the receipt of what is over. Nothing waits for it. */
  async take(witness: ExchangeWitness): Promise<void> {
    const { requestId } = witness;
    this.#underWay += 1;
    try {
      const receipt = await this.writer.write(witness);
      const session = witness.attestation?.lease?.session;
      if (receipt) this.#shelf.put(receipt, session && { digest: session.id, content: session.evidence });
      else this.#shelf.drop(requestId);
    } catch (error) {
      this.#shelf.drop(requestId);
      this.log.warn('receipt not made', {}, error);
    } finally {
      witness.release();
      this.#underWay -= 1;
    }
  }

  async find({ requestId, teamId, form }: RequestOf<typeof findReceipt>): Promise<ReplyOf<typeof findReceipt>> {
    const found = this.#shelf.find(requestId, teamId);
    if (found === undefined || found === 'due') return { state: found ?? 'absent', receipt: null, bundle: null };
    if (form === 'receipt') return { state: 'there', receipt: JSON.stringify(found), bundle: null };
    return { state: 'there', receipt: null, bundle: await this.#shelf.bundleOf(found) };
  }

  signatureOf({ chatId, teamId }: RequestOf<typeof findSignature>): ReplyOf<typeof findSignature> {
    return { signature: this.#shelf.findByChat(chatId, teamId)?.orgn.provider_signature ?? null };
  }

  /** What receipts are verified with: public halves only. */
  keys() {
    const keys = (this.config.RECEIPT_KEYS ?? []).map(({ kid, publicKey }) => ({ kid, publicKey }));
    return { keys };
  }
}
