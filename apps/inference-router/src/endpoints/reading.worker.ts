import { asBuffer, ownMemory, serveJobs } from '@orgn/service-kit/worker';
import { TeamSeals, type SealKeys } from '../seals/team-seals.ts';
import { readers } from './readers.ts';
import type { Executed } from '../seals/team-seals.ts';
import type { RequestFacts } from './endpoint.ts';

/** A large request, to be read in a thread of its own. */
export interface ReadingJob {
  path: string;
  body: Uint8Array;
  contentType: string;
  seals: SealKeys;
  executed: Executed | undefined;
}

serveJobs<ReadingJob>(({ path, body, contentType, seals, executed }) => {
  const endpoint = readers.get(path);
  if (!endpoint) throw new RangeError('no endpoint has this path');
  const incoming = { body: asBuffer(body), contentType, seals: TeamSeals.of(seals) };
  return toAnswer(endpoint.lighten(endpoint.read(incoming, executed)));
});

function toAnswer(facts: RequestFacts) {
  const { translated } = facts;
  const bytes = ownMemory(facts.body);
  const original = translated?.original && ownMemory(translated.original);
  return {
    answer: { ...facts, body: bytes, ...(translated && { translated: { ...translated, original } }) },
    moved: original ? [bytes, original] : [bytes],
  };
}
