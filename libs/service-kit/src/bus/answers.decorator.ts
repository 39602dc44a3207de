import { MessagePattern } from '@nestjs/microservices';
import {
  parseSafely,
  ServiceError,
  type ReplyOf,
  type RequestContract,
  type RequestOf,
  type SurveyContract,
} from '@orgn/contracts';
import { z } from 'zod';
import { toWireReply, type WireReply } from './wire.ts';

/** What a handler is registered with, for the transport. */
export interface HandlerExtras {
  contract: RequestContract | SurveyContract;
}

type Handler<Q, R> = (request: Q) => R | Promise<R>;
/** Generic in the method, because a descriptor is invariant: a method that always answers a promise is a handler too. */
type MethodOf<H> = <M extends H>(target: object, key: string | symbol, descriptor: TypedPropertyDescriptor<M>) => void;

/**
 * Marks the method that answers a contract. The request is parsed before the method sees it; a reply of the wrong shape
 * does not compile; whatever the method throws leaves as a declared code. Validation lives in here because global pipes
 * do not run on messages of a hybrid Nest application.
 */
export function Answers<C extends RequestContract | SurveyContract>(
  contract: C,
): MethodOf<Handler<RequestOf<C>, ReplyOf<C>>> {
  return register(contract, async (call, body) => toWireReply(await call(parse(contract.request, body))));
}

/** Marks the method that answers a whole natural batch: one reply or ServiceError an item, in order. */
export function AnswersBatch<C extends RequestContract>(
  contract: C,
): MethodOf<Handler<RequestOf<C>[], (ReplyOf<C> | ServiceError)[]>> {
  const batch = z.array(contract.request).max(contract.maxBatch ?? 1);
  return register(contract, async (call, body) => {
    const answers = (await call(parse(batch, body))) as (ReplyOf<C> | ServiceError)[];
    return answers.map(toWireReply);
  });
}

/** Carries a handler's failure past Nest's exception layer, which would replace it by a text of its own. */
export class Thrown {
  constructor(readonly error: unknown) {}
}

type Answer = (call: (request: unknown) => unknown, body: unknown) => Promise<WireReply | WireReply[]>;

function register<H>(contract: RequestContract | SurveyContract, answer: Answer): MethodOf<H> {
  return (target, key, descriptor) => {
    const method = descriptor.value as (request: unknown) => unknown;
    const wrapped = function (this: unknown, body: unknown) {
      return answer((request) => method.call(this, request), body).catch((error: unknown) => new Thrown(error));
    };
    const extras: HandlerExtras = { contract };
    MessagePattern(contract.subject, extras)(
      target,
      key,
      Object.assign(descriptor, { value: wrapped }) as PropertyDescriptor,
    );
  };
}

/** @throws ServiceError `invalid_request` whose `param` is the path of the first fault */
function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = parseSafely(schema, body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const param = issue?.path.join('.') ?? '';
  throw new ServiceError(
    'invalid_request',
    `${param || 'The request'} is not valid: ${issue?.message ?? 'unknown fault'}.`,
    {
      param: param || undefined,
    },
  );
}
