import { Module } from '@nestjs/common';
import { Bus, InternalTls, ServiceLog } from '@orgn/service-kit';
import { RosterModule } from '../roster/roster.module.ts';
import { TeamsRepository } from '../roster/teams.repository.ts';
import { GatewayDoors } from './gateway-door.ts';
import { PlaygroundClient } from './playground.client.ts';
import { PlaygroundController } from './playground.controller.ts';
import { PlaygroundService } from './playground.service.ts';

@Module({
  imports: [RosterModule],
  controllers: [PlaygroundController],
  providers: [
    GatewayDoors,
    { provide: PlaygroundClient, inject: [InternalTls], useFactory: (tls: InternalTls) => new PlaygroundClient(tls) },
    {
      provide: PlaygroundService,
      inject: [Bus, TeamsRepository, GatewayDoors, PlaygroundClient, ServiceLog],
      useFactory: (bus: Bus, teams: TeamsRepository, doors: GatewayDoors, client: PlaygroundClient, log: ServiceLog) =>
        new PlaygroundService(bus, teams, { doors, client }, log),
    },
  ],
})
export class PlaygroundModule {}
