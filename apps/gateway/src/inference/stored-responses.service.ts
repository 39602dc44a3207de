import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';
import { CallersService } from '../authentication/callers.service.ts';
import type { PresentedKey } from '../authentication/presented-key.ts';

/** Responses of earlier requests, of which there are none. */
@Injectable()
export class StoredResponsesService {
  constructor(private readonly callers: CallersService) {}

  /** @throws ServiceError `not_supported_zero_retention`, or as any use of the key */
  async refuse(key: PresentedKey): Promise<never> {
    await this.callers.verify(key);
    throw new ServiceError(
      'not_supported_zero_retention',
      'This gateway retains no responses, so there is none to fetch, cancel or delete. Send the whole conversation with each request.',
    );
  }
}
