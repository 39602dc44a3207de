import { Controller } from '@nestjs/common';
import { readCheckpoint, readTile, type RequestOf } from '@orgn/contracts';
import { Answers } from '@orgn/service-kit';
import { TransparencyLog } from './transparency-log.ts';

@Controller()
export class TransparencyController {
  constructor(private readonly transparency: TransparencyLog) {}

  @Answers(readCheckpoint)
  head() {
    return this.transparency.head();
  }

  @Answers(readTile)
  tile(request: RequestOf<typeof readTile>) {
    return this.transparency.tile(request);
  }
}
