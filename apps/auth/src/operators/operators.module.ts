import { Module } from '@nestjs/common';
import { ModelsModule } from '../models/models.module.ts';
import { UsersModule } from '../users/users.module.ts';
import { MeasurementsController } from './measurements.controller.ts';
import { MeasurementsService } from './measurements.service.ts';
import { OperatorsController } from './operators.controller.ts';
import { OperatorsService } from './operators.service.ts';
import { ServiceWords } from './service-words.ts';

@Module({
  imports: [ModelsModule, UsersModule],
  controllers: [OperatorsController, MeasurementsController],
  providers: [OperatorsService, MeasurementsService, ServiceWords],
})
export class OperatorsModule {}
