import { Module } from '@nestjs/common';
import { KeysModule } from '../keys/keys.module.ts';
import { MailModule } from '../mail/mail.module.ts';
import { RosterModule } from '../roster/roster.module.ts';
import { LeakPolicy } from './leak-policy.ts';
import { LeakReportsRepository } from './leak-reports.repository.ts';
import { LeakResponse } from './leak-response.ts';
import { LeaksController } from './leaks.controller.ts';
import { LeaksService } from './leaks.service.ts';
import { ScannerKeysClient } from './scanner-keys.client.ts';

@Module({
  imports: [KeysModule, MailModule, RosterModule],
  controllers: [LeaksController],
  providers: [LeakPolicy, LeakReportsRepository, LeakResponse, LeaksService, ScannerKeysClient],
})
export class LeaksModule {}
