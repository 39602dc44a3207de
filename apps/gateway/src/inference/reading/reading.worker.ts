import { asBuffer, ownMemory, serveJobs } from '@orgn/service-kit/worker';
import { readRequest, type ModelTraits, type ReadingTask } from './reading.ts';

/** A large request, to be read in a thread of its own. */
export interface ReadingJob {
  task: ReadingTask;
  models: ModelTraits;
  body: Uint8Array;
}

serveJobs<ReadingJob>(({ task, models, body }) => {
  const reading = readRequest(asBuffer(body), task, models);
  const bytes = ownMemory(reading.body);
  return { answer: { ...reading, body: bytes }, moved: [bytes] };
});
