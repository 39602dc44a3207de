import { Injectable } from '@nestjs/common';
import { subjectOf, type Caller } from '../authentication/callers.service.ts';
import { RequestSlots } from '../edge/request-slots.ts';
import { StreamSlots } from './stream-slots.ts';

/** What a run takes of what its key, or its person, may have under way at once. */
@Injectable()
export class Places {
  constructor(
    private readonly streams: StreamSlots,
    private readonly requests: RequestSlots,
  ) {}

  /**
   * A key's place among requests was taken when its head came; who is at the playground is known only now.
   * @returns a function that gives the places back
   * @throws RefusalError or ServiceError when there is none
   */
  take({ caller, isStream }: { caller: Caller; isStream: boolean }): () => void {
    const who = subjectOf(caller);
    const freeStream = isStream ? this.streams.take(caller.lineageId, who) : undefined;
    try {
      const freeRequest = caller.isPlayground ? this.requests.takeFor(caller.lineageId, who) : undefined;
      return () => {
        freeStream?.();
        freeRequest?.();
      };
    } catch (error) {
      freeStream?.();
      throw error;
    }
  }
}
