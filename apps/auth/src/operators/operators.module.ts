import { Module } from '@nestjs/common';
import { ModelsModule } from '../models/models.module.ts';
import { OperatorsController } from './operators.controller.ts';
import { OperatorsService } from './operators.service.ts';
import { ServiceWords } from './service-words.ts';

@Module({
  imports: [ModelsModule],
  controllers: [OperatorsController],
  providers: [OperatorsService, ServiceWords],
})
export class OperatorsModule {}
