import { Module } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { SchemaWatch, serviceDatabase } from '@orgn/database';
import { Health, schemaReport } from '@orgn/service-kit';
import type { DataSource } from 'typeorm';
import { BudgetsController } from './budgets/budgets.controller.ts';
import { BudgetsRepository } from './budgets/budgets.repository.ts';
import { BudgetsService } from './budgets/budgets.service.ts';
import { KeyRegistryConfig } from './config.ts';
import { GrantVerdictsService } from './grants/grant-verdicts.service.ts';
import { GrantsController } from './grants/grants.controller.ts';
import { GrantsRepository } from './grants/grants.repository.ts';
import { GrantsService } from './grants/grants.service.ts';
import { KeyEntity } from './keys/key.entity.ts';
import { KeyUpkeep } from './keys/key-upkeep.ts';
import { KeyUsesRepository } from './keys/key-uses.repository.ts';
import { KeysController } from './keys/keys.controller.ts';
import { KeysDatabase } from './keys/keys.database.ts';
import { KeysRepository } from './keys/keys.repository.ts';
import { KeysService } from './keys/keys.service.ts';
import { LeaversService } from './keys/leavers.service.ts';
import { LostPeppers } from './keys/lost-peppers.ts';
import { RevocationService } from './keys/revocation.service.ts';
import { RotationService } from './keys/rotation.service.ts';
import { VerdictsController } from './keys/verdicts.controller.ts';
import { VerdictsService } from './keys/verdicts.service.ts';
import { migrations, shape } from './migrations/index.ts';
import { DemandsRepository } from './standings/demands.repository.ts';
import { DemandsService } from './standings/demands.service.ts';
import { StandingsController } from './standings/standings.controller.ts';
import { StandingsService } from './standings/standings.service.ts';
import { TeamStandingEntity } from './keys/team-standing.entity.ts';

@Module({
  imports: [
    serviceDatabase(KeyRegistryConfig, [KeyEntity, TeamStandingEntity], {
      statementTimeoutMs: 5_000,
      expected: { migrations, shape },
    }),
  ],
  controllers: [BudgetsController, GrantsController, KeysController, StandingsController, VerdictsController],
  providers: [
    schemaReport('key-registry', SchemaWatch),
    ...[BudgetsRepository, BudgetsService],
    ...[GrantsRepository, GrantsService, GrantVerdictsService],
    ...[DemandsRepository, DemandsService],
    ...[KeysDatabase, KeysRepository, KeyUsesRepository, KeyUpkeep, LostPeppers],
    ...[KeysService, LeaversService, RevocationService, RotationService, StandingsService, VerdictsService],
  ],
})
export class KeyRegistryModule {
  constructor(health: Health, @InjectDataSource() database: DataSource) {
    health.add('postgres', async () => {
      await database.query('SELECT 1');
    });
  }
}
