import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { serviceDatabase } from '@orgn/database';
import { Health } from '@orgn/service-kit';
import type { DataSource } from 'typeorm';
import { AuthConfig } from './config.ts';
import { KeysController } from './keys/keys.controller.ts';
import { KeysService } from './keys/keys.service.ts';
import { HealthController } from './pages/health.controller.ts';
import { HttpErrorFilter } from './pages/http-error.filter.ts';
import { TeamEntity } from './teams/team.entity.ts';
import { TeamsController } from './teams/teams.controller.ts';
import { TeamsRepository } from './teams/teams.repository.ts';
import { TeamsService } from './teams/teams.service.ts';

@Module({
  imports: [serviceDatabase(AuthConfig, [TeamEntity]), TypeOrmModule.forFeature([TeamEntity])],
  controllers: [KeysController, TeamsController, HealthController],
  providers: [KeysService, TeamsService, TeamsRepository, { provide: APP_FILTER, useClass: HttpErrorFilter }],
})
export class AuthModule {
  constructor(health: Health, @InjectDataSource() database: DataSource) {
    health.add('postgres', async () => {
      await database.query('SELECT 1');
    });
  }
}
