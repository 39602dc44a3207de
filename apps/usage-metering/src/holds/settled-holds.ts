import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { holdsSettled } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { HoldsService } from './holds.service.ts';

/** Hears, from whichever replica has settled them, which requests have ended. */
@Injectable()
export class SettledHolds implements OnApplicationBootstrap, OnModuleDestroy {
  #stopListening: () => void = () => undefined;

  constructor(
    private readonly bus: Bus,
    private readonly holds: HoldsService,
  ) {}

  onApplicationBootstrap(): void {
    this.#stopListening = this.bus.listen(holdsSettled, (news) => this.holds.settled(news));
  }

  onModuleDestroy(): void {
    this.#stopListening();
  }
}
