import { Module } from '@nestjs/common';
import { ServiceLog } from '@orgn/service-kit';
import { AuthConfig } from '../config.ts';
import { RosterModule } from '../roster/roster.module.ts';
import { Postman } from './mail.ts';
import { MoneyNotices } from './money-notices.ts';
import { OwnerNotices } from './owner-notices.ts';
import { postmanFor } from './postman.ts';

@Module({
  imports: [RosterModule],
  providers: [
    MoneyNotices,
    OwnerNotices,
    { provide: Postman, inject: [AuthConfig, ServiceLog], useFactory: postmanFor },
  ],
  exports: [MoneyNotices, OwnerNotices, Postman],
})
export class MailModule {}
