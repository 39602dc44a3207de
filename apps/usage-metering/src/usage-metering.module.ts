import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { serviceDatabase } from '@orgn/database';
import { Health } from '@orgn/service-kit';
import { DataSource } from 'typeorm';
import { UsageMeteringConfig } from './config.ts';
import { PartitionsRepository } from './partitions/partitions.repository.ts';
import { PartitionsService } from './partitions/partitions.service.ts';
import { SettlementMetrics } from './usage/settlement-metrics.ts';
import { UsageConsumer } from './usage/usage.consumer.ts';
import { UsageController } from './usage/usage.controller.ts';
import { UsageRepository } from './usage/usage.repository.ts';
import { UsageRowEntity } from './usage/usage-row.entity.ts';
import { UsageService } from './usage/usage.service.ts';

/** Settles what was used, and answers what a team has used. */
@Module({
  imports: [serviceDatabase(UsageMeteringConfig, [UsageRowEntity]), TypeOrmModule.forFeature([UsageRowEntity])],
  controllers: [UsageController],
  providers: [UsageService, UsageRepository, UsageConsumer, SettlementMetrics, PartitionsService, PartitionsRepository],
})
export class UsageMeteringModule {
  constructor(health: Health, database: DataSource) {
    health.add('database', async () => {
      await database.query('SELECT 1');
    });
  }
}
