import { Module } from '@nestjs/common';
import { TeamKeysModule } from '../team-keys/team-keys.module.ts';
import { Measurements } from './measurements.ts';
import { ModelsController } from './models.controller.ts';
import { ModelsService } from './models.service.ts';
import { RouterSurvey } from './router-survey.ts';

@Module({
  imports: [TeamKeysModule],
  controllers: [ModelsController],
  providers: [ModelsService, Measurements, RouterSurvey],
  exports: [Measurements, RouterSurvey],
})
export class ModelsModule {}
