import { Module } from '@nestjs/common';
import { AdmissionClock } from './admission/admission-clock.ts';
import { AdmissionGate } from './admission/admission.gate.ts';
import { ContentsRepository } from './archive/contents.repository.ts';
import { MeasurementsRepository } from './archive/measurements.repository.ts';
import { ArchiveDatabase } from './archive/archive-database.ts';
import { ReceiptBlocks } from './archive/receipt-blocks.ts';
import { ReceiptPacker } from './archive/receipt-packer.ts';
import { ReceiptsRepository } from './archive/receipts.repository.ts';
import { Retention } from './archive/retention.ts';
import { Approvals } from './attestation/approvals.ts';
import { ApprovedSessions } from './attestation/approved-sessions.ts';
import { MeasurementsController } from './attestation/measurements.controller.ts';
import { AttestationGate } from './attestation/attestation.gate.ts';
import { AttestationNews } from './attestation/attestation-news.ts';
import { AttestationMetrics } from './attestation/attestation.metrics.ts';
import { CallerReports } from './attestation/caller-reports.ts';
import { CollateralClient } from './attestation/collateral.client.ts';
import { EnclaveVerifier } from './attestation/enclave-verifier.ts';
import { NrasClient } from './attestation/nras.client.ts';
import { Policies } from './attestation/policies.ts';
import { ReportClient } from './attestation/report.client.ts';
import { SessionTools } from './attestation/session-tools.ts';
import { SessionsService } from './attestation/sessions.service.ts';
import { Witnesses } from './attestation/witnesses.ts';
import { CatalogueService } from './catalogue/catalogue.service.ts';
import { ModelsController } from './catalogue/models.controller.ts';
import { ChannelController } from './channel/channel.controller.ts';
import { ChannelDoor } from './channel/channel-door.ts';
import { ChannelService } from './channel/channel.service.ts';
import { DescriptionController } from './channel/description.controller.ts';
import { BodyBounds } from './dispatch/body-bounds.ts';
import { Departure } from './dispatch/departure.ts';
import { RunningExchanges } from './dispatch/running-exchanges.ts';
import { HeldMemory } from './exchange/held-memory.ts';
import { DispatchBooks } from './dispatch/dispatch-books.ts';
import { DispatchChecks } from './dispatch/dispatch-checks.ts';
import { DispatchDesk } from './dispatch/dispatch-desk.ts';
import { DispatchTools } from './dispatch/dispatch-tools.ts';
import { DispatchService } from './dispatch/dispatch.service.ts';
import { Planner } from './dispatch/planner.ts';
import { ReadingThreads } from './endpoints/reading-threads.ts';
import { ProviderClient } from './providers/provider.client.ts';
import { ProviderMetrics } from './providers/provider.metrics.ts';
import { ProvidersService } from './providers/providers.service.ts';
import { KeptSessions } from './receipts/kept-sessions.ts';
import { PublishedKeys } from './receipts/published-keys.ts';
import { ReceiptKeeper } from './receipts/receipt-keeper.ts';
import { ReceiptReader } from './receipts/receipt-reader.ts';
import { ReceiptWriter } from './receipts/receipt-writer.ts';
import { ReceiptsController } from './receipts/receipts.controller.ts';
import { ReceiptsService } from './receipts/receipts.service.ts';
import { Successions } from './receipts/successions.ts';
import { SignatureClient } from './receipts/signature.client.ts';
import { HeadPosts } from './transparency/head-posts.client.ts';
import { LogWriter } from './transparency/log-writer.ts';
import { TransparencyController } from './transparency/transparency.controller.ts';
import { TransparencyLog } from './transparency/transparency-log.ts';
import { UsageRecorder } from './usage/usage-recorder.ts';

@Module({
  controllers: [
    ModelsController,
    ChannelController,
    DescriptionController,
    MeasurementsController,
    ReceiptsController,
    TransparencyController,
  ],
  providers: [
    AdmissionClock,
    AdmissionGate,
    Approvals,
    ApprovedSessions,
    ArchiveDatabase,
    AttestationGate,
    AttestationMetrics,
    AttestationNews,
    CollateralClient,
    ContentsRepository,
    Departure,
    EnclaveVerifier,
    NrasClient,
    Policies,
    ReportClient,
    SessionTools,
    SessionsService,
    Witnesses,
    BodyBounds,
    CallerReports,
    CatalogueService,
    ChannelDoor,
    ChannelService,
    DispatchBooks,
    DispatchChecks,
    DispatchDesk,
    DispatchService,
    DispatchTools,
    HeadPosts,
    HeldMemory,
    KeptSessions,
    MeasurementsRepository,
    LogWriter,
    Planner,
    ProviderClient,
    ProviderMetrics,
    ProvidersService,
    ReadingThreads,
    PublishedKeys,
    ReceiptBlocks,
    ReceiptKeeper,
    ReceiptPacker,
    ReceiptReader,
    ReceiptWriter,
    ReceiptsRepository,
    ReceiptsService,
    Retention,
    RunningExchanges,
    SignatureClient,
    Successions,
    TransparencyLog,
    UsageRecorder,
  ],
})
export class InferenceRouterModule {}
