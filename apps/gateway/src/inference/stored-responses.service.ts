import { Injectable } from '@nestjs/common';
import { ServiceError } from '@orgn/contracts';

/** Responses of earlier requests, of which there are none. */
@Injectable()
export class StoredResponsesService {
  /** @throws ServiceError `not_supported_zero_retention`, always */
  refuse(): never {
    throw new ServiceError(
      'not_supported_zero_retention',
      'This gateway retains no responses, so there is none to fetch, cancel or delete. Send the whole conversation with each request.',
    );
  }
}
