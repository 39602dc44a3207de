import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CallersService } from './authentication/callers.service.ts';
import { GuessingBrake } from './authentication/guessing-brake.ts';
import { KeyRefusals } from './authentication/key-refusals.ts';
import { KnownKeys } from './authentication/known-keys.ts';
import { BudgetService } from './budget/budget.service.ts';
import { Holders } from './budget/holders.ts';
import { HoldDesk } from './budget/hold-desk.ts';
import { AccessLog } from './edge/access-log.ts';
import { BodyMemory } from './edge/body-memory.ts';
import { BodyReader } from './edge/body-reader.ts';
import { Doorkeeper } from './edge/doorkeeper.ts';
import { EarlyRefusals } from './edge/early-refusals.ts';
import { EdgeHooks } from './edge/edge-hooks.ts';
import { FrontGate } from './edge/front-gate.ts';
import { Linger } from './edge/linger.ts';
import { LookUpPace } from './edge/look-up-pace.ts';
import { Reception } from './edge/reception.ts';
import { RefusalNotes } from './edge/refusal-notes.ts';
import { RequestEnds } from './edge/request-ends.ts';
import { RequestSlots } from './edge/request-slots.ts';
import { EdgeErrorFilter } from './errors/edge-error.filter.ts';
import { IdempotencyService } from './idempotency/idempotency.service.ts';
import { AdmissionDesk } from './inference/admission-desk.ts';
import { InferenceController } from './inference/inference.controller.ts';
import { InferenceService } from './inference/inference.service.ts';
import { ModelSelection } from './inference/model-selection.ts';
import { ReadingThreads } from './inference/reading/reading-threads.ts';
import { RequestReader } from './inference/request-reader.ts';
import { RunsService } from './inference/runs.service.ts';
import { StoredResponsesController } from './inference/stored-responses.controller.ts';
import { StoredResponsesService } from './inference/stored-responses.service.ts';
import { StreamSlots } from './inference/stream-slots.ts';
import { TokenCountController } from './inference/token-count.controller.ts';
import { TokenCountService } from './inference/token-count.service.ts';
import { CreditsController } from './credits/credits.controller.ts';
import { CreditsService } from './credits/credits.service.ts';
import { KeyController } from './keys/key.controller.ts';
import { KeyService } from './keys/key.service.ts';
import { CatalogueService } from './models/catalogue.service.ts';
import { ModelsController } from './models/models.controller.ts';
import { ModelsService } from './models/models.service.ts';
import { PlaygroundController } from './playground/playground.controller.ts';
import { PlaygroundHost } from './playground/playground-host.ts';
import { TransparencyController } from './transparency/transparency.controller.ts';
import { TransparencyService } from './transparency/transparency.service.ts';
import { AttestationController } from './receipts/attestation.controller.ts';
import { AttestationService } from './receipts/attestation.service.ts';
import { ReceiptsController } from './receipts/receipts.controller.ts';
import { ReceiptsService } from './receipts/receipts.service.ts';
import { Relay } from './relay/relay.ts';
import { RouterAttempts } from './relay/router-attempts.ts';
import { RouterClient } from './routers/router.client.ts';
import { RoutersService } from './routers/routers.service.ts';
import { Departure } from './running/departure.ts';
import { KeyWatch } from './running/key-watch.ts';
import { RunningController } from './running/running.controller.ts';
import { RunningRequests } from './running/running-requests.ts';
import { StatusController } from './status/status.controller.ts';
import { RegistryCheck } from './status/registry-check.ts';
import { EnclaveStates } from './status/enclave-states.ts';
import { HeardStates } from './status/heard-states.ts';
import { SchemaStates } from './status/schema-states.ts';
import { StatusService } from './status/status.service.ts';
import { UsageWitness } from './usage/usage-witness.ts';

@Module({
  controllers: [
    InferenceController,
    KeyController,
    CreditsController,
    ModelsController,
    PlaygroundController,
    AttestationController,
    ReceiptsController,
    TransparencyController,
    RunningController,
    StatusController,
    StoredResponsesController,
    TokenCountController,
  ],
  providers: [
    { provide: APP_FILTER, useClass: EdgeErrorFilter },
    AccessLog,
    AdmissionDesk,
    BodyMemory,
    BodyReader,
    BudgetService,
    CallersService,
    CatalogueService,
    Departure,
    Doorkeeper,
    EarlyRefusals,
    EdgeHooks,
    FrontGate,
    GuessingBrake,
    CreditsService,
    HoldDesk,
    Holders,
    IdempotencyService,
    InferenceService,
    KeyRefusals,
    KeyService,
    KeyWatch,
    KnownKeys,
    Linger,
    LookUpPace,
    ModelSelection,
    ModelsService,
    PlaygroundHost,
    AttestationService,
    ReceiptsService,
    TransparencyService,
    Reception,
    Relay,
    ReadingThreads,
    RefusalNotes,
    RequestEnds,
    RequestReader,
    RequestSlots,
    RouterAttempts,
    RouterClient,
    RoutersService,
    RunningRequests,
    RunsService,
    RegistryCheck,
    EnclaveStates,
    HeardStates,
    SchemaStates,
    StatusService,
    StoredResponsesService,
    StreamSlots,
    TokenCountService,
    UsageWitness,
  ],
})
export class GatewayModule {}
