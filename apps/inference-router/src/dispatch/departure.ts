import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { routerChanged } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { ChannelDoor } from '../channel/channel-door.ts';
import { ReceiptKeeper } from '../receipts/receipt-keeper.ts';
import { RunningExchanges } from './running-exchanges.ts';

/**
 * How this router leaves. Gateways are told first. Those that know another router ask that one from then on; the others go on
 * sending here what is no stream, until what had begun has ended: so who has one router is without it for as long as the next
 * one takes to start, and not for as long as the longest answer takes as well.
 */
@Injectable()
export class Departure implements BeforeApplicationShutdown {
  constructor(
    private readonly bus: Bus,
    private readonly door: ChannelDoor,
    private readonly running: RunningExchanges,
    private readonly keeper: ReceiptKeeper,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    this.door.isLeaving = true;
    this.bus.broadcast(routerChanged, { router: this.door.name, isLeaving: true });
    await this.running.haveEnded();
    await this.door.drain();
    // What outlasts its caller has no connection that a stop would wait for.
    await this.running.haveEnded();
    await this.keeper.finish();
  }
}
