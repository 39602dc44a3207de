import { Module } from '@nestjs/common';
import { RosterModule } from '../roster/roster.module.ts';
import { TeamKeysModule } from '../team-keys/team-keys.module.ts';
import { Inheritance } from './inheritance.ts';
import { MovesService } from './moves.service.ts';
import { PeopleController } from './people.controller.ts';
import { PeopleRepository } from './people.repository.ts';
import { PeopleService } from './people.service.ts';

@Module({
  imports: [RosterModule, TeamKeysModule],
  controllers: [PeopleController],
  providers: [Inheritance, MovesService, PeopleRepository, PeopleService],
})
export class PeopleModule {}
