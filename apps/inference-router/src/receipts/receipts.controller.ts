import { Controller } from '@nestjs/common';
import {
  findReceipt,
  findSignature,
  listReceiptKeys,
  readAttestedSession,
  readReceipt,
  requestReport,
  type RequestOf,
} from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { CallerReports } from '../attestation/caller-reports.ts';
import { KeptSessions } from './kept-sessions.ts';
import { PublishedKeys } from './published-keys.ts';
import { ReceiptReader } from './receipt-reader.ts';

@Controller()
export class ReceiptsController {
  constructor(
    private readonly reader: ReceiptReader,
    private readonly published: PublishedKeys,
    private readonly sessions: KeptSessions,
    private readonly reports: CallerReports,
  ) {}

  @Answers(readReceipt)
  read(request: RequestOf<typeof readReceipt>) {
    return this.reader.read(request);
  }

  @Answers(readAttestedSession)
  session(request: RequestOf<typeof readAttestedSession>) {
    return this.sessions.read(request);
  }

  @Answers(requestReport)
  report(request: RequestOf<typeof requestReport>) {
    return this.reports.report(request);
  }

  @Answers(findReceipt)
  find(request: RequestOf<typeof findReceipt>) {
    return this.reader.find(request);
  }

  @Answers(findSignature)
  signature(request: RequestOf<typeof findSignature>) {
    return this.reader.signatureOf(request);
  }

  @Answers(listReceiptKeys)
  keys() {
    return this.published.list();
  }
}
