import { Controller } from '@nestjs/common';
import { beginIdempotent, endIdempotent, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { IdempotencyService } from './idempotency.service.ts';

@Controller()
export class IdempotencyController {
  constructor(private readonly idempotency: IdempotencyService) {}

  @Answers(beginIdempotent)
  begin(request: RequestOf<typeof beginIdempotent>) {
    return this.idempotency.begin(request);
  }

  @Answers(endIdempotent)
  end(request: RequestOf<typeof endIdempotent>) {
    return this.idempotency.end(request);
  }
}
