import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { CallersService } from './authentication/callers.service.ts';
import { ChatController } from './chat/chat.controller.ts';
import { ChatService } from './chat/chat.service.ts';
import { EdgeHooks } from './edge/edge-hooks.ts';
import { OpenAiErrorFilter } from './errors/openai-error.filter.ts';
import { CatalogueService } from './models/catalogue.service.ts';
import { ModelsController } from './models/models.controller.ts';
import { ModelsService } from './models/models.service.ts';
import { Relay } from './relay/relay.ts';
import { RouterClient } from './routers/router.client.ts';
import { RoutersService } from './routers/routers.service.ts';
import { StatusController } from './status/status.controller.ts';
import { StatusService } from './status/status.service.ts';
import { UsageWitness } from './usage/usage-witness.ts';

@Module({
  controllers: [ChatController, ModelsController, StatusController],
  providers: [
    { provide: APP_FILTER, useClass: OpenAiErrorFilter },
    CallersService,
    CatalogueService,
    ChatService,
    EdgeHooks,
    ModelsService,
    Relay,
    RouterClient,
    RoutersService,
    StatusService,
    UsageWitness,
  ],
})
export class GatewayModule {}
