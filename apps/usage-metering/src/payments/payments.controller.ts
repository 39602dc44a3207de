import { Controller } from '@nestjs/common';
import { bookMoney, cancelPayment, hearPayment, openPayment, tellPayments, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { BookingService } from './booking.service.ts';
import { PaymentsService } from './payments.service.ts';
import { WebhooksService } from './webhooks.service.ts';

@Controller()
export class PaymentsController {
  constructor(
    private readonly booking: BookingService,
    private readonly payments: PaymentsService,
    private readonly webhooks: WebhooksService,
  ) {}

  @Answers(bookMoney)
  book(request: RequestOf<typeof bookMoney>) {
    return this.booking.book(request);
  }

  @Answers(openPayment)
  open(request: RequestOf<typeof openPayment>) {
    return this.payments.open(request);
  }

  @Answers(cancelPayment)
  cancel(request: RequestOf<typeof cancelPayment>) {
    return this.payments.cancel(request);
  }

  @Answers(tellPayments)
  tell(request: RequestOf<typeof tellPayments>) {
    return this.payments.tell(request);
  }

  @Answers(hearPayment)
  hear(request: RequestOf<typeof hearPayment>) {
    return this.webhooks.hear(request);
  }
}
