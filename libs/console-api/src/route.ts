import { MAX_ENTRIES, shortText, type ErrorCode } from '@orgn/contracts';
import { z } from 'zod';
import type { TeamAction } from './permissions.ts';

/** What a route of the console's JSON API is: what server, client, documentation and tests all read. */
export interface ConsoleRoute<
  P extends z.ZodObject = z.ZodObject,
  Q extends z.ZodObject = z.ZodObject,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> {
  /** Its `operationId`. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With parameters in braces: `/api/teams/{teamId}/keys`. */
  readonly path: `/api/${string}`;
  readonly tag: string;
  readonly summary: string;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly reply: R;
  /** 302: it is opened by a browser, and answers by redirects and pages. */
  readonly status: 200 | 201 | 204 | 302;
  /** What it may refuse with, beside what every route may. */
  readonly errors: readonly ErrorCode[];
  readonly access: RouteAccess;
  /** Action of the one audit entry that a success writes; null: it changes nothing. */
  readonly audit: string | null;
  /** Which rate limit it counts against, if any. */
  readonly limit: 'sign_in' | 'sign_in_answer' | 'invitation' | 'key_creation' | 'report' | 'playground' | null;
}

/** Who may call a route. */
export interface RouteAccess {
  /** `public`: no session is needed. */
  readonly who: 'public' | 'signed_in';
  /** What the caller's role in `{teamId}` must grant; a team the caller is not in does not exist for them. */
  readonly action?: TeamAction;
  /** The sign-in must be recent; see STEP_UP_SECONDS. */
  readonly isStepUp?: boolean;
  /** The caller must be an operator of the deployment; to everybody else the route does not exist. */
  readonly isOperator?: boolean;
}

/** Nothing: for routes without parameters, query or body. Anything that is sent all the same is refused. */
export const nothing = z.strictObject({});
/** The reply of a route that answers 204. */
export const noReply = z.undefined();

type Optional = 'params' | 'query' | 'body' | 'status' | 'errors' | 'audit' | 'limit';
type Definition<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, R extends z.ZodType> = Omit<
  ConsoleRoute<P, Q, B, R>,
  'name' | Optional
> &
  Partial<Pick<ConsoleRoute<P, Q, B, R>, Optional>>;

/** Defines a route, once for all who need to know it. */
export function consoleRoute<
  R extends z.ZodType,
  P extends z.ZodObject = typeof nothing,
  Q extends z.ZodObject = typeof nothing,
  B extends z.ZodType = typeof nothing,
>(name: string, definition: Definition<P, Q, B, R>): ConsoleRoute<P, Q, B, R> {
  const defaults = {
    params: nothing,
    query: nothing,
    body: nothing,
    status: 200,
    errors: [],
    audit: null,
    limit: null,
  };
  return { ...defaults, name, ...definition } as unknown as ConsoleRoute<P, Q, B, R>;
}

export type ParamsOf<C extends ConsoleRoute> = z.output<C['params']>;
export type QueryOf<C extends ConsoleRoute> = z.output<C['query']>;
export type BodyOf<C extends ConsoleRoute> = z.output<C['body']>;
export type ConsoleReplyOf<C extends ConsoleRoute> = z.output<C['reply']>;

/** One page of a list: `nextCursor` is what to ask the next one with, null at the end. */
export function page<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item).max(MAX_ENTRIES), nextCursor: shortText.nullable() });
}

/** Query of a paged list. */
export const paging = {
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
};
