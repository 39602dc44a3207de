import { Module } from '@nestjs/common';
import { RosterModule } from '../roster/roster.module.ts';
import { GatewayDoors } from './gateway-door.ts';
import { GrantsOfRequests } from './grants-of-requests.ts';
import { PlaygroundClient } from './playground.client.ts';
import { PlaygroundController } from './playground.controller.ts';
import { PlaygroundService } from './playground.service.ts';

@Module({
  imports: [RosterModule],
  controllers: [PlaygroundController],
  providers: [GatewayDoors, GrantsOfRequests, PlaygroundClient, PlaygroundService],
})
export class PlaygroundModule {}
