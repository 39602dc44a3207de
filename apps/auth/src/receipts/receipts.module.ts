import { Module } from '@nestjs/common';
import { UsageModule } from '../usage/usage.module.ts';
import { ReceiptsController } from './receipts.controller.ts';
import { ReceiptsService } from './receipts.service.ts';

@Module({ imports: [UsageModule], controllers: [ReceiptsController], providers: [ReceiptsService] })
export class ReceiptsModule {}
