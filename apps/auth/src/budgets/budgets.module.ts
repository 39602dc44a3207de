import { Module } from '@nestjs/common';
import { RosterModule } from '../roster/roster.module.ts';
import { UsersModule } from '../users/users.module.ts';
import { BudgetsController } from './budgets.controller.ts';
import { BudgetsService } from './budgets.service.ts';

@Module({ imports: [RosterModule, UsersModule], controllers: [BudgetsController], providers: [BudgetsService] })
export class BudgetsModule {}
