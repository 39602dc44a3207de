import { Injectable } from '@nestjs/common';
import { ServiceError, tellCredits, toTicketStub, type RequestId } from '@orgn/contracts';
import { Bus } from '@orgn/service-kit';
import { CallersService } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';
import { toCredits, type Credits } from './credits.ts';

/** A team's balance, for those of its keys that may know it. */
@Injectable()
export class CreditsService {
  constructor(
    private readonly callers: CallersService,
    private readonly bus: Bus,
  ) {}

  /** @throws ServiceError as any use of the key would, and `not_permitted` where the team has not allowed it */
  async tell(key: PresentedKey, requestId: RequestId): Promise<Credits> {
    const { seesBalance } = await this.callers.inspect(key);
    if (!seesBalance) throw new ServiceError('not_permitted', NOT_SHOWN);
    const { ticket } = await this.callers.verify(key, requestId);
    return toCredits(await this.bus.ask(tellCredits, { ticket: toTicketStub(ticket ?? '') }));
  }
}

const NOT_SHOWN = 'This team does not let its keys see its balance. Its owners can allow that in the console.';
