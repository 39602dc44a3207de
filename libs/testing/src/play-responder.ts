import { ServiceError, type ReplyOf, type RequestContract, type RequestOf } from '@orgn/contracts';
import type { Bus } from '@orgn/service-kit';

type Answer<C extends RequestContract> = (request: RequestOf<C>) => ReplyOf<C> | Promise<ReplyOf<C>>;

/**
 * Plays the service that answers a contract, for tests of those who ask it. Requests and replies are held against the
 * contract, so that the fake cannot lie; a ServiceError that `answer` throws travels as one.
 * @returns a function that ends the play
 */
export function playResponder<C extends RequestContract>(bus: Bus, contract: C, answer: Answer<C>): () => void {
  const answerOne = async (body: unknown) => {
    try {
      return { ok: contract.reply.parse(await answer(contract.request.parse(body) as RequestOf<C>)) };
    } catch (error) {
      if (error instanceof ServiceError) return { error: error.toWire() };
      return { error: { code: 'internal', message: `${contract.subject}: ${String(error)}` } };
    }
  };
  const subscription = bus.connection.subscribe(contract.subject, {
    callback: (_, message) => {
      const body = message.json<unknown>();
      const reply = Array.isArray(body) ? Promise.all(body.map(answerOne)) : answerOne(body);
      void reply.then((answered) => message.respond(JSON.stringify(answered)));
    },
  });
  return () => subscription.unsubscribe();
}
