import { Controller } from '@nestjs/common';
import { findReceipt, findSignature, listReceiptKeys, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { ReceiptsService } from './receipts.service.ts';

@Controller()
export class ReceiptsController {
  constructor(private readonly receipts: ReceiptsService) {}

  @Answers(findReceipt)
  find(request: RequestOf<typeof findReceipt>) {
    return this.receipts.find(request);
  }

  @Answers(findSignature)
  signature(request: RequestOf<typeof findSignature>) {
    return this.receipts.signatureOf(request);
  }

  @Answers(listReceiptKeys)
  keys() {
    return this.receipts.keys();
  }
}
