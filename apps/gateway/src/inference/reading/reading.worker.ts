import { joinedBytes, ownMemory, serveJobs } from '@orgn/service-kit/worker';
import { readRequest, type ModelTraits, type ReadingTask } from './reading.ts';

/** A large request, to be read in a thread of its own. */
export interface ReadingJob {
  task: ReadingTask;
  models: ModelTraits;
  /** Its body: joined here, where it holds up nobody. */
  pieces: Uint8Array[];
}

serveJobs<ReadingJob>(({ task, models, pieces }) => {
  const reading = readRequest(joinedBytes(pieces), task, models);
  const bytes = ownMemory(reading.body);
  return { answer: { ...reading, body: bytes }, moved: [bytes] };
});
