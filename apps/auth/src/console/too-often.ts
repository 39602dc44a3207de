import { ServiceError } from '@orgn/contracts';

/** Something was done too often. The answer says in `retry-after` when it may be done again. */
export class TooOften extends ServiceError {
  /** @param seconds until then */
  constructor(readonly seconds: number) {
    super('rate_limit_exceeded', `This was done too often; try again in ${seconds} seconds.`);
  }
}
