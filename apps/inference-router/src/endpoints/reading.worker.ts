import { joinedBytes, ownMemory, serveJobs, type JobAnswer } from '@orgn/service-kit/worker';
import { TeamSeals, type Executed, type SealKeys } from '../seals/team-seals.ts';
import type { AnswerForm, Endpoint, RequestFacts } from './endpoint.ts';
import { readers } from './readers.ts';
import { readWhole, type AnswerOrigin } from './whole-answer.ts';

/** What is read, or translated, in a thread of its own because it is large: in pieces, which are joined here. */
export type ReadingJob = { path: string; pieces: Uint8Array[]; seals: SealKeys } & (
  | { does: 'request'; contentType: string; executed: Executed | undefined }
  | { does: 'answer'; facts: RequestFacts; origin: AnswerOrigin }
  | { does: 'translation'; facts: RequestFacts; identity: PlainIdentity }
);

/** A job from which something is missing yet. */
export type JobWithout<K extends keyof ReadingJob> = ReadingJob extends infer J
  ? J extends unknown
    ? Omit<J, K>
    : never
  : never;

/** What a translated answer says of itself, as plain data. */
export interface PlainIdentity {
  requestId: string;
  model: string;
  executed: Executed;
  promptTokens: number;
}

serveJobs<ReadingJob>((job) => {
  const endpoint = readers.get(job.path);
  if (!endpoint) throw new RangeError('no endpoint has this path');
  const seals = TeamSeals.of(job.seals);
  const body = joinedBytes(job.pieces);
  switch (job.does) {
    case 'request': {
      const { contentType, executed } = job;
      return requestAnswer(endpoint.lighten(endpoint.read({ body, contentType, seals }, executed)));
    }
    case 'answer': {
      const whole = readWhole(formOf(endpoint, job.facts, seals), body, job.origin);
      return moving(ownMemory(whole.body), (bytes) => ({ ...whole, body: bytes }));
    }
    case 'translation': {
      const { promptTokens, ...identity } = job.identity;
      const { translation } = formOf(endpoint, job.facts, seals);
      const answer = translation?.toAnswer(body, { ...identity, promptEstimate: () => promptTokens }) ?? body;
      return moving(ownMemory(answer), (bytes) => bytes);
    }
  }
});

/** How the answers to a request are read, of which no more is known here than that takes. */
function formOf(endpoint: Endpoint, facts: RequestFacts, seals: TeamSeals): AnswerForm {
  const readFor = () => Promise.reject(new RangeError('its answer is being read'));
  return endpoint.toRequest({ ...facts, body: Buffer.alloc(0) }, { seals, readFor }).answer;
}

const moving = (bytes: Uint8Array, toAnswer: (bytes: Uint8Array) => unknown): JobAnswer => ({
  answer: toAnswer(bytes),
  moved: [bytes],
});

function requestAnswer(facts: RequestFacts): JobAnswer {
  const { translated } = facts;
  const bytes = ownMemory(facts.body);
  const original = translated?.original && ownMemory(translated.original);
  return {
    answer: { ...facts, body: bytes, ...(translated && { translated: { ...translated, original } }) },
    moved: original ? [bytes, original] : [bytes],
  };
}
