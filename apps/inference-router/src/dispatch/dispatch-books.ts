import { Injectable } from '@nestjs/common';
import { ReceiptsService } from '../receipts/receipts.service.ts';
import { UsageRecorder } from '../usage/usage-recorder.ts';
import { RunningExchanges } from './running-exchanges.ts';

/** What is kept of exchanges: that they run, and what they used. */
@Injectable()
export class DispatchBooks {
  constructor(
    readonly running: RunningExchanges,
    readonly recorder: UsageRecorder,
    readonly receipts: ReceiptsService,
  ) {}
}
