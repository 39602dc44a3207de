import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CallersService } from './authentication/callers.service.ts';
import { GuessingBrake } from './authentication/guessing-brake.ts';
import { KeyRefusals } from './authentication/key-refusals.ts';
import { ChatController } from './chat/chat.controller.ts';
import { ChatService } from './chat/chat.service.ts';
import { EdgeHooks } from './edge/edge-hooks.ts';
import { OpenAiErrorFilter } from './errors/openai-error.filter.ts';
import { KeyController } from './keys/key.controller.ts';
import { KeyService } from './keys/key.service.ts';
import { CatalogueService } from './models/catalogue.service.ts';
import { ModelsController } from './models/models.controller.ts';
import { ModelsService } from './models/models.service.ts';
import { Relay } from './relay/relay.ts';
import { RouterClient } from './routers/router.client.ts';
import { RoutersService } from './routers/routers.service.ts';
import { KeyWatch } from './running/key-watch.ts';
import { RunningRequests } from './running/running-requests.ts';
import { StatusController } from './status/status.controller.ts';
import { StatusService } from './status/status.service.ts';
import { UsageWitness } from './usage/usage-witness.ts';

@Module({
  controllers: [ChatController, KeyController, ModelsController, StatusController],
  providers: [
    { provide: APP_FILTER, useClass: OpenAiErrorFilter },
    CallersService,
    CatalogueService,
    ChatService,
    EdgeHooks,
    GuessingBrake,
    KeyRefusals,
    KeyService,
    KeyWatch,
    ModelsService,
    Relay,
    RouterClient,
    RoutersService,
    RunningRequests,
    StatusService,
    UsageWitness,
  ],
})
export class GatewayModule {}
