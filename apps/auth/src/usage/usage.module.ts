import { Module } from '@nestjs/common';
import { UsersModule } from '../users/users.module.ts';
import { KeyNames } from './key-names.ts';
import { RequestsController } from './requests.controller.ts';
import { RequestsService } from './requests.service.ts';
import { UsageController } from './usage.controller.ts';
import { UsageService } from './usage.service.ts';

@Module({
  imports: [UsersModule],
  controllers: [RequestsController, UsageController],
  providers: [KeyNames, RequestsService, UsageService],
  exports: [RequestsService],
})
export class UsageModule {}
