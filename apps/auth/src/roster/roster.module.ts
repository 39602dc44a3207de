import { Module } from '@nestjs/common';
import { TeamsRepository } from './teams.repository.ts';
import { MembersRepository } from './members.repository.ts';
import { Roster } from './roster.ts';

/** Who is in which team: what teams, members, invitations and keys all stand on. */
@Module({
  providers: [MembersRepository, Roster, TeamsRepository],
  exports: [MembersRepository, Roster, TeamsRepository],
})
export class RosterModule {}
