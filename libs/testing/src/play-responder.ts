import {
  answeredSubjects,
  ServiceError,
  type ReplyOf,
  type RequestContract,
  type RequestOf,
  type SurveyContract,
} from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';
import { connectionOf } from './test-bus.ts';

type Question = RequestContract | SurveyContract;
type Answer<C extends Question> = (request: RequestOf<C>) => ReplyOf<C> | Promise<ReplyOf<C>>;

/**
 * Plays the service that answers a contract, for tests of those who ask it. Requests and replies are held against the
 * contract, so that the fake cannot lie; a ServiceError that `answer` throws travels as one.
 * @returns a function that ends the play
 */
export function playResponder<C extends Question>(bus: Bus, contract: C, answer: Answer<C>): () => void {
  const answerOne = async (body: unknown) => {
    try {
      return { ok: contract.reply.parse(await answer(contract.request.parse(body) as RequestOf<C>)) };
    } catch (error) {
      if (error instanceof ServiceError) return { error: error.toWire() };
      return { error: { code: 'internal', message: `${contract.subject}: ${String(error)}` } };
    }
  };
  const [service] = contract.answeredBy;
  const subscriptions = answeredSubjects(contract).map((subject) =>
    connectionOf(bus, service).subscribe(subject, {
      ...(contract.kind === 'request' && { queue: service }),
      callback: (_, message) => {
        const body = message.json<unknown>();
        const reply = Array.isArray(body) ? Promise.all(body.map(answerOne)) : answerOne(body);
        void reply.then((answered) => message.respond(JSON.stringify(answered)));
      },
    }),
  );
  return () => {
    for (const subscription of subscriptions) subscription.unsubscribe();
  };
}
