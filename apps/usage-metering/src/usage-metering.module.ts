import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SchemaWatch, serviceDatabase } from '@orgn/database';
import { Health, schemaReport } from '@orgn/service-kit';
import { DataSource } from 'typeorm';
import { AlertTeller } from './alerts/alert-teller.ts';
import { AlertWatch } from './alerts/alert-watch.ts';
import { AlertsController } from './alerts/alerts.controller.ts';
import { AlertsRepository } from './alerts/alerts.repository.ts';
import { AlertsService } from './alerts/alerts.service.ts';
import { UsageMeteringConfig } from './config.ts';
import { BlockCollector } from './holds/block-collector.ts';
import { BlocksRepository } from './holds/blocks.repository.ts';
import { CollectedMoney } from './holds/collected-money.ts';
import { DeskDrawer } from './holds/desk-drawer.ts';
import { Desks } from './holds/desks.ts';
import { HoldsController } from './holds/holds.controller.ts';
import { HoldsService } from './holds/holds.service.ts';
import { Proofs } from './proofs/proofs.ts';
import { LineageCounts } from './holds/lineage-counts.ts';
import { SoftBudgets } from './holds/soft-budgets.ts';
import { SoftBudgetsRepository } from './holds/soft-budgets.repository.ts';
import { SettledHolds } from './holds/settled-holds.ts';
import { SpendController } from './holds/spend.controller.ts';
import { SpendRepository } from './holds/spend.repository.ts';
import { SpendService } from './holds/spend.service.ts';
import { ShardsService } from './holds/shards.service.ts';
import { Memory } from './memory.ts';
import { DailySecrets } from './idempotency/daily-secrets.ts';
import { IdempotencyExpiry } from './idempotency/idempotency-expiry.ts';
import { IdempotencyKeyEntity } from './idempotency/idempotency-key.entity.ts';
import { IdempotencySecretEntity } from './idempotency/idempotency-secret.entity.ts';
import { IdempotencyController } from './idempotency/idempotency.controller.ts';
import { IdempotencyRepository } from './idempotency/idempotency.repository.ts';
import { IdempotencyService } from './idempotency/idempotency.service.ts';
import { CreditsController } from './ledger/credits.controller.ts';
import { LedgerController } from './ledger/ledger.controller.ts';
import { LedgerRepository } from './ledger/ledger.repository.ts';
import { LedgerService } from './ledger/ledger.service.ts';
import { NightlyReconciliation } from './ledger/nightly-reconciliation.ts';
import { ReconcilingService } from './ledger/reconciling.service.ts';
import { ReconciliationRepository } from './ledger/reconciliation.repository.ts';
import { migrations, shape } from './migrations/index.ts';
import { BookingService } from './payments/booking.service.ts';
import { Disputes } from './payments/disputes.ts';
import { Intake } from './payments/intake.ts';
import { OperatorsCredit } from './payments/operators-credit.ts';
import { PaymentsController } from './payments/payments.controller.ts';
import { PaymentsRepository } from './payments/payments.repository.ts';
import { PaymentsService } from './payments/payments.service.ts';
import { StripeClient } from './payments/stripe.client.ts';
import { StripePayments } from './payments/stripe-payments.ts';
import { Suspensions } from './payments/suspensions.ts';
import { Till } from './payments/till.ts';
import { WebhookNews } from './payments/webhook-news.ts';
import { WebhooksService } from './payments/webhooks.service.ts';
import { PartitionsRepository } from './partitions/partitions.repository.ts';
import { PartitionsService } from './partitions/partitions.service.ts';
import { ListedPriceEntity } from './prices/listed-price.entity.ts';
import { PriceBook } from './prices/price-book.ts';
import { PriceBookRepository } from './prices/price-book.repository.ts';
import { PriceList } from './prices/price-list.ts';
import { Quarantine } from './quarantine/quarantine.ts';
import { QuarantinedWordEntity } from './quarantine/quarantined-word.entity.ts';
import { ReturnedWordEntity } from './returned/returned-word.entity.ts';
import { ReturnedWords } from './returned/returned-words.ts';
import { RefusalEntity } from './refusals/refusal.entity.ts';
import { RefusalsController } from './refusals/refusals.controller.ts';
import { RefusalsExpiry } from './refusals/refusals-expiry.ts';
import { RefusalsRepository } from './refusals/refusals.repository.ts';
import { RefusalsService } from './refusals/refusals.service.ts';
import { ReportsController } from './reports/reports.controller.ts';
import { ReportsRepository } from './reports/reports.repository.ts';
import { ReportsService } from './reports/reports.service.ts';
import { RequestsRepository } from './reports/requests.repository.ts';
import { RequestsService } from './reports/requests.service.ts';
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
import { WaitingTurn } from './usage/waiting-turn.ts';
import { WaitingWordEntity } from './waiting/waiting-word.entity.ts';
import { WaitingWords } from './waiting/waiting-words.ts';

const entities = [
  UsageRowEntity,
  ListedPriceEntity,
  QuarantinedWordEntity,
  IdempotencyKeyEntity,
  IdempotencySecretEntity,
  ReturnedWordEntity,
  RefusalEntity,
  WaitingWordEntity,
];
const usage = [ReturnedWords, UsageService, UsageRepository, UsageConsumer, UsageSettlement, UsageStreamWatch];
const pricing = [PriceList, PriceBook, PriceBookRepository, WaitingWords, WaitingTurn];
const settling = [SettlingService, WordProof, Memory, Quarantine, SettledNews, SettlementMetrics];
const ledger = [LedgerService, LedgerRepository, ReconcilingService, ReconciliationRepository, NightlyReconciliation];
const alerts = [AlertsService, AlertsRepository, AlertTeller, AlertWatch];
const payments = [
  BookingService,
  Disputes,
  Intake,
  PaymentsService,
  PaymentsRepository,
  OperatorsCredit,
  StripeClient,
  StripePayments,
  Suspensions,
  Till,
  WebhookNews,
  WebhooksService,
];
const reports = [ReportsService, ReportsRepository, RequestsService, RequestsRepository];
const refusals = [RefusalsService, RefusalsRepository, RefusalsExpiry];
const holds = [
  HoldsService,
  ShardsService,
  BlocksRepository,
  BlockCollector,
  CollectedMoney,
  SettledHolds,
  Desks,
  DeskDrawer,
  Proofs,
  LineageCounts,
  SoftBudgets,
  SoftBudgetsRepository,
  SpendService,
  SpendRepository,
];
const idempotency = [IdempotencyService, IdempotencyRepository, IdempotencyExpiry, DailySecrets];

/** Settles what was used, answers what a team has used, and knows which requests are repetitions. */
@Module({
  imports: [
    serviceDatabase(UsageMeteringConfig, entities, { expected: { migrations, shape } }),
    TypeOrmModule.forFeature(entities),
  ],
  controllers: [
    UsageController,
    IdempotencyController,
    HoldsController,
    SpendController,
    RefusalsController,
    ReportsController,
    LedgerController,
    CreditsController,
    PaymentsController,
    AlertsController,
  ],
  providers: [
    schemaReport('usage-metering', SchemaWatch),
    ...usage,
    ...settling,
    ...pricing,
    ...idempotency,
    ...ledger,
    ...payments,
    ...alerts,
    ...reports,
    ...refusals,
    ...holds,
    PartitionsService,
    PartitionsRepository,
  ],
})
export class UsageMeteringModule {
  constructor(health: Health, database: DataSource) {
    health.add('database', async () => {
      await database.query('SELECT 1');
    });
  }
}
