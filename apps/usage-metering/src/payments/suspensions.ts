import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceError, suspendDebtor, type TeamId } from '@orgn/contracts';
import { Bus, ServiceLog } from '@orgn/service-kit';
import { PaymentsRepository } from './payments.repository.ts';

const LOOK_MS = 30_000;
const REASON = 'A payment was taken back by the payer’s bank, and the team owes what it had used of it.';

/** Has teams stopped that owe what was taken back from them: asked for until it is done, since whoever does it may be away. */
@Injectable()
export class Suspensions implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly payments: PaymentsRepository,
    private readonly bus: Bus,
    private readonly log: ServiceLog,
  ) {}

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.settle(), LOOK_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Never throws: what is left is done the next time. */
  async settle(): Promise<void> {
    const due = await this.payments.dueSuspensions().catch((error: unknown) => {
      this.log.error('who owes could not be read', error);
      return [];
    });
    for (const { id, teamId } of due) {
      try {
        await this.#suspend(teamId);
        await this.payments.suspended(id);
      } catch (error) {
        this.log.error('team that owes could not be suspended', error);
      }
    }
  }

  async #suspend(teamId: TeamId): Promise<void> {
    try {
      await this.bus.ask(suspendDebtor, { teamId, reason: REASON });
      this.log.warn('team suspended: it owes what was taken back', { teamId });
    } catch (error) {
      // Whoever deleted the team has stopped it for good.
      if (!(error instanceof ServiceError) || error.code !== 'team_not_found') throw error;
    }
  }
}
