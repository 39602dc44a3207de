import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module.ts';
import { RosterModule } from '../roster/roster.module.ts';
import { AccountsController } from './accounts.controller.ts';
import { AccountsRepository } from './accounts.repository.ts';
import { BusAccountsController } from './bus-accounts.controller.ts';
import { FarewellService, WaysOut } from './farewell.service.ts';
import { PersonalDataService } from './personal-data.service.ts';

@Module({
  imports: [MembersModule, RosterModule],
  controllers: [AccountsController, BusAccountsController],
  providers: [AccountsRepository, FarewellService, PersonalDataService, WaysOut],
})
export class AccountsModule {}
