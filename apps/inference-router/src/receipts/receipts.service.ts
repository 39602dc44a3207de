import { Injectable } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import type { DispatchOrder } from '../exchange/dispatch-order.ts';
import { HeldMemory } from '../exchange/held-memory.ts';
import { ExchangeWitness } from '../exchange/exchange-witness.ts';
import { ReceiptKeeper } from './receipt-keeper.ts';
import { ReceiptWriter } from './receipt-writer.ts';

/** Receipts that are being made, or wait to be: beyond it answers go on, and theirs are unavailable. */
const MOST_UNDER_WAY = 1_000;

/** Makes receipts of exchanges once they are over. */
@Injectable()
export class ReceiptsService {
  constructor(
    private readonly writer: ReceiptWriter,
    private readonly keeper: ReceiptKeeper,
    private readonly memory: HeldMemory,
    private readonly log: ServiceLog,
  ) {}

  /** What will see an exchange; undefined where receipts are off. */
  witness(order: DispatchOrder, endpoint: string, isStream: boolean): ExchangeWitness | undefined {
    if (!this.writer.isOn) return undefined;
    this.keeper.shelf.expect(order.requestId, order.admitted.admission.teamId);
    return new ExchangeWitness(order, endpoint, isStream, this.memory.lease());
  }

  /** Makes the receipt of what is over. Nothing waits for it. */
  async take(witness: ExchangeWitness): Promise<void> {
    const { requestId, target } = witness;
    this.keeper.underWay += 1;
    try {
      const receipt = this.keeper.underWay > MOST_UNDER_WAY ? undefined : await this.writer.write(witness);
      const session = witness.attestation?.lease?.session;
      const evidence = session ? [{ digest: session.id, content: session.evidence }] : [];
      if (receipt && this.keeper.shelf.put(receipt, evidence)) this.keeper.keep(requestId);
      else this.keeper.lose(requestId, target);
    } catch (error) {
      this.keeper.lose(requestId, target);
      this.log.warn('receipt not made', {}, error);
    } finally {
      witness.release();
      this.keeper.underWay -= 1;
    }
  }
}
