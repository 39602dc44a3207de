import { Controller } from '@nestjs/common';
import { receiptRoutes } from '@orgn/console-api';
import type { ConsoleCall } from '../console/console-call.ts';
import { Implements } from '../console/implements.decorator.ts';
import { ReceiptsService } from './receipts.service.ts';

type Routes = typeof receiptRoutes;

@Controller()
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Implements(receiptRoutes.get)
  get(call: ConsoleCall<Routes['get']>) {
    return this.receipts.get(call);
  }

  @Implements(receiptRoutes.bundle)
  bundle(call: ConsoleCall<Routes['bundle']>) {
    return this.receipts.bundle(call);
  }

  @Implements(receiptRoutes.keys)
  keys() {
    return this.receipts.keys();
  }

  @Implements(receiptRoutes.log)
  log() {
    return this.receipts.log();
  }
}
