import { setTimeout as delay } from 'node:timers/promises';
import type { Msg } from '@nats-io/transport-node';
import { NobodyListens, type Inboxes, type Question } from './inboxes.ts';
import type { Instances } from './instances.ts';

/** An answer that took longer is asked for again, of another instance. */
export const LATE_MS = 150;
/** How long a group may be empty, and how often it is tried: of two that change places one may go before the other has come. */
const EMPTY_MS = 500;
const AGAIN_MS = 25;

/**
 * Asks one instance by its own subject, and once more another one when the first is late; the first answer counts. Nobody
 * known: the group is asked, whose member the server chooses, for a moment also while it is empty.
 * @throws NobodyListens, NobodyAnswered
 */
export async function askHedged(
  inboxes: Inboxes,
  instances: Instances,
  question: Question,
  timeoutMs: number,
): Promise<Msg> {
  const first = instances.choose();
  if (first === undefined) return askGroup(inboxes, question, timeoutMs);
  const until = performance.now() + timeoutMs;
  const remaining = () => Math.max(1, until - performance.now());
  const hedged = { inboxes, instances, question };
  const asked = askOne(hedged, first, timeoutMs);
  const early = await Promise.race([asked.answer.catch((error: unknown) => error as Error), asked.late]);
  if (early instanceof NobodyListens) return askGroup(inboxes, question, remaining());
  const another = early === undefined && !instances.areMostLate ? instances.choose(first) : undefined;
  if (another === undefined) return asked.answer;
  const again = askOne(hedged, another, remaining());
  return Promise.any([asked.answer, again.answer]).catch((error: unknown) => {
    throw (error as AggregateError).errors[0];
  });
}

async function askGroup(inboxes: Inboxes, question: Question, timeoutMs: number): Promise<Msg> {
  const startedAt = performance.now();
  for (;;) {
    const waitedMs = performance.now() - startedAt;
    try {
      return await inboxes.ask(question, Math.max(1, timeoutMs - waitedMs));
    } catch (error) {
      if (!(error instanceof NobodyListens) || waitedMs > Math.min(EMPTY_MS, timeoutMs)) throw error;
      await delay(AGAIN_MS);
    }
  }
}

interface Hedged {
  inboxes: Inboxes;
  instances: Instances;
  question: Question;
}

interface Asked {
  answer: Promise<Msg>;
  /** Settles, with nothing, when the answer has not come in time. */
  late: Promise<undefined>;
}

/** Asks one instance, and remembers whether it was in time. */
function askOne({ inboxes, instances, question }: Hedged, name: string, timeoutMs: number): Asked {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    instances.wasLate(name);
    resolve(undefined);
  }, LATE_MS);
  const answer = inboxes.ask({ ...question, subject: `${question.subject}.${name}` }, timeoutMs).then(
    (message) => {
      if (!isLate) instances.wasInTime(name);
      return message;
    },
    (error: unknown) => {
      if (error instanceof NobodyListens) instances.isGone(name);
      throw error;
    },
  );
  answer.catch(() => undefined).finally(() => clearTimeout(timer));
  return { answer, late };
}
