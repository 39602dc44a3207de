import type { z } from 'zod';
import type { ErrorCode } from './errors/errors.ts';
import type { Party, Service } from './parties.ts';

/** A question that one instance of one service answers over core NATS. */
export interface RequestContract<Q extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly kind: 'request';
  /** `<plural noun>.<verb>`, never under `events.` or `broadcast.`. */
  readonly subject: string;
  /** Who may ask; the bus refuses everybody else. Operators ask on subjects of their own, `ops.<name>.<subject>`. */
  readonly askedBy: readonly Party[];
  /** Whose instances answer. One service: an inbox names it, so that nobody else can answer. */
  readonly answeredBy: readonly [Service];
  readonly request: Q;
  readonly reply: R;
  /** What the responder may refuse with. Anything else arrives as `internal`; the bus itself adds `service_unavailable`. */
  readonly errors: readonly ErrorCode[];
  /** How long the asker waits, and how old a request may be when it is acted on. */
  readonly timeoutMs: number;
  /** Largest number of requests in one message, for contracts that travel in natural batches; absent: one by one. */
  readonly maxBatch?: number;
  /**
   * May be asked twice without harm: a late answer is asked for again of another instance, on `<subject>.<instance>`. For
   * reads, and for what a repetition of does not change.
   */
  readonly isHedged?: boolean;
}

/** A question that every running instance answers. The asker collects answers for `windowMs`. */
export interface SurveyContract<Q extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly kind: 'survey';
  readonly subject: string;
  readonly askedBy: readonly Service[];
  readonly answeredBy: readonly [Service];
  readonly request: Q;
  readonly reply: R;
  readonly windowMs: number;
}

/** A fact that is kept by JetStream until its durable consumer has settled it. Travels in batches. */
export interface EventContract<P extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  /** `events.<noun>.<past participle>`. */
  readonly subject: string;
  readonly publishedBy: readonly Service[];
  readonly consumedBy: readonly Service[];
  readonly payload: P;
  readonly maxBatch: number;
}

/** A hint pushed to everyone who listens now; nothing may depend on its arrival. */
export interface BroadcastContract<P extends z.ZodType = z.ZodType> {
  readonly kind: 'broadcast';
  /** `broadcast.<noun>.<past participle>`, or `broadcast.<noun>` for what its members say of themselves. */
  readonly subject: string;
  readonly saidBy: readonly Service[];
  readonly heardBy: readonly Party[];
  readonly payload: P;
}

export type Contract = RequestContract | SurveyContract | EventContract | BroadcastContract;

export type RequestOf<C extends { request: z.ZodType }> = z.output<C['request']>;
export type ReplyOf<C extends { reply: z.ZodType }> = z.output<C['reply']>;
export type PayloadOf<C extends { payload: z.ZodType }> = z.output<C['payload']>;

/** Defines a question, once for both sides. */
export function request<Q extends z.ZodType, R extends z.ZodType>(
  subject: string,
  definition: Omit<RequestContract<Q, R>, 'kind' | 'subject'>,
): RequestContract<Q, R> {
  return { kind: 'request', subject, ...definition };
}

/** Defines a question to all instances. */
export function survey<Q extends z.ZodType, R extends z.ZodType>(
  subject: string,
  definition: Omit<SurveyContract<Q, R>, 'kind' | 'subject'>,
): SurveyContract<Q, R> {
  return { kind: 'survey', subject, ...definition };
}

/** Defines a durable fact. */
export function event<P extends z.ZodType>(
  subject: string,
  definition: Omit<EventContract<P>, 'kind' | 'subject'>,
): EventContract<P> {
  return { kind: 'event', subject, ...definition };
}

/** Defines a push to all listeners. */
export function broadcast<P extends z.ZodType>(
  subject: string,
  definition: Omit<BroadcastContract<P>, 'kind' | 'subject'>,
): BroadcastContract<P> {
  return { kind: 'broadcast', subject, ...definition };
}
