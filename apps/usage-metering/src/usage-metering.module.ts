import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { serviceDatabase } from '@orgn/database';
import { Health } from '@orgn/service-kit';
import { DataSource } from 'typeorm';
import { UsageMeteringConfig } from './config.ts';
import { DailySecrets } from './idempotency/daily-secrets.ts';
import { IdempotencyExpiry } from './idempotency/idempotency-expiry.ts';
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity.ts';
import { IdempotencySecretEntity } from './idempotency/idempotency-secret.entity.ts';
import { IdempotencyController } from './idempotency/idempotency.controller.ts';
import { IdempotencyRepository } from './idempotency/idempotency.repository.ts';
import { IdempotencyService } from './idempotency/idempotency.service.ts';
import { PartitionsRepository } from './partitions/partitions.repository.ts';
import { PartitionsService } from './partitions/partitions.service.ts';
import { ListedPriceEntity } from './prices/listed-price.entity.ts';
import { PriceList } from './prices/price-list.ts';
import { Quarantine } from './quarantine/quarantine.ts';
import { QuarantinedWordEntity } from './quarantine/quarantined-word.entity.ts';
import { SettledNews } from './usage/settled-news.ts';
import { SettlementMetrics } from './usage/settlement-metrics.ts';
import { UsageSettlement } from './usage/usage-settlement.ts';
import { UsageStreamWatch } from './usage/usage-stream-watch.ts';
import { SettlingService } from './usage/settling.service.ts';
import { UsageConsumer } from './usage/usage.consumer.ts';
import { UsageController } from './usage/usage.controller.ts';
import { UsageRepository } from './usage/usage.repository.ts';
import { UsageRowEntity } from './usage/usage-row.entity.ts';
import { UsageService } from './usage/usage.service.ts';
import { WordProof } from './usage/word-proof.ts';

const entities = [
  UsageRowEntity,
  ListedPriceEntity,
  QuarantinedWordEntity,
  IdempotencyKeyEntity,
  IdempotencySecretEntity,
];
const usage = [UsageService, UsageRepository, UsageConsumer, UsageSettlement, UsageStreamWatch];
const settling = [SettlingService, WordProof, PriceList, Quarantine, SettledNews, SettlementMetrics];
const idempotency = [IdempotencyService, IdempotencyRepository, IdempotencyExpiry, DailySecrets];

/** Settles what was used, answers what a team has used, and knows which requests are repetitions. */
@Module({
  imports: [serviceDatabase(UsageMeteringConfig, entities), TypeOrmModule.forFeature(entities)],
  controllers: [UsageController, IdempotencyController],
  providers: [...usage, ...settling, ...idempotency, PartitionsService, PartitionsRepository],
})
export class UsageMeteringModule {
  constructor(health: Health, database: DataSource) {
    health.add('database', async () => {
      await database.query('SELECT 1');
    });
  }
}
