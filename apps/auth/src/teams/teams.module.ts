import { Global, Module } from '@nestjs/common';
import { TeamKeysModule } from '../team-keys/team-keys.module.ts';
import { RosterModule } from '../roster/roster.module.ts';
import { TeamsOfUser } from '../sessions/teams-of-user.ts';
import { FirstSignIn } from '../sign-in/first-sign-in.ts';
import { UsersModule } from '../users/users.module.ts';
import { Burial } from './burial.ts';
import { BusTeamsController } from './bus-teams.controller.ts';
import { EnclaveDemandsController } from './enclave-demands.controller.ts';
import { EnclaveDemandsService } from './enclave-demands.service.ts';
import { Endings } from './endings.ts';
import { EnrolmentService } from './enrolment.service.ts';
import { Founding, FoundingRecords } from './founding.ts';
import { Losses } from './losses.ts';
import { OperatorsTeamsService } from './operators-teams.service.ts';
import { OwnershipService } from './ownership.service.ts';
import { PersonalTeams } from './personal-teams.ts';
import { TeamsController } from './teams.controller.ts';
import { TeamsService } from './teams.service.ts';

/** Global, because signing in and sessions ask it without knowing it. */
@Global()
@Module({
  imports: [RosterModule, TeamKeysModule, UsersModule],
  controllers: [BusTeamsController, EnclaveDemandsController, TeamsController],
  providers: [
    Burial,
    EnclaveDemandsService,
    Endings,
    EnrolmentService,
    Founding,
    FoundingRecords,
    OperatorsTeamsService,
    Losses,
    OwnershipService,
    PersonalTeams,
    TeamsService,
    { provide: FirstSignIn, useExisting: PersonalTeams },
    { provide: TeamsOfUser, useExisting: PersonalTeams },
  ],
  exports: [Endings, FirstSignIn, OperatorsTeamsService, TeamsOfUser],
})
export class TeamsModule {}
