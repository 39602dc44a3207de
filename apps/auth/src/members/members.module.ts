import { Module } from '@nestjs/common';
import { TeamKeysModule } from '../team-keys/team-keys.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { Departures } from './departures.ts';
import { MembersController } from './members.controller.ts';
import { MembersService } from './members.service.ts';
import { RosterModule } from '../roster/roster.module.ts';

@Module({
  imports: [RosterModule, SessionsModule, TeamKeysModule],
  controllers: [MembersController],
  providers: [Departures, MembersService],
  exports: [Departures],
})
export class MembersModule {}
