import { Controller } from '@nestjs/common';
import { listPeople, movePeople, pairPeople, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { MovesService } from './moves.service.ts';
import { PeopleService } from './people.service.ts';

/** What the operator of the deployment asks of people. */
@Controller()
export class PeopleController {
  constructor(
    private readonly people: PeopleService,
    private readonly moves: MovesService,
  ) {}

  @Answers(listPeople)
  list(request: RequestOf<typeof listPeople>) {
    return this.people.list(request);
  }

  @Answers(pairPeople)
  pair(request: RequestOf<typeof pairPeople>) {
    return this.people.pair(request);
  }

  @Answers(movePeople)
  move(request: RequestOf<typeof movePeople>) {
    return this.moves.move(request);
  }
}
