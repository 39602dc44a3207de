export { asBuffer, joinedBytes, ownMemory } from './workers/own-memory.ts';
export { serveJobs, type JobAnswer } from './workers/serve-jobs.ts';
