import type { Msg } from '@nats-io/transport-node';
import { NobodyListens, type Inboxes, type Question } from './inboxes.ts';
import type { Instances } from './instances.ts';

/** An answer that took longer is asked for again, of another instance. */
export const LATE_MS = 150;

/**
 * Asks one instance by its own subject, and once more another one when the first is late; the first answer counts. Nobody
 * known: the group is asked, whose member the server chooses.
 * @throws NobodyListens, NobodyAnswered
 */
export async function askHedged(
  inboxes: Inboxes,
  instances: Instances,
  question: Question,
  timeoutMs: number,
): Promise<Msg> {
  const first = instances.choose();
  if (first === undefined) return inboxes.ask(question, timeoutMs);
  const until = performance.now() + timeoutMs;
  const remaining = () => Math.max(1, until - performance.now());
  const hedged = { inboxes, instances, question };
  const asked = askOne(hedged, first, timeoutMs);
  const early = await Promise.race([asked.answer.catch((error: unknown) => error as Error), asked.late]);
  if (early instanceof NobodyListens) return inboxes.ask(question, remaining());
  const another = early === undefined && !instances.areMostLate ? instances.choose(first) : undefined;
  if (another === undefined) return asked.answer;
  const again = askOne(hedged, another, remaining());
  return Promise.any([asked.answer, again.answer]).catch((error: unknown) => {
    throw (error as AggregateError).errors[0];
  });
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
