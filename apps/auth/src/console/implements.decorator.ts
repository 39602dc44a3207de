import { applyDecorators, Header, HttpCode, Req, RequestMapping, RequestMethod, SetMetadata } from '@nestjs/common';
import type { ConsoleReplyOf, ConsoleRoute } from '@orgn/console-api';
import type { FastifyRequest } from 'fastify';
import type { ConsoleCall } from './console-call.ts';
import { toConsoleCall } from './to-console-call.ts';

/** Metadata key under which guards find the route that a handler implements. */
export const CONSOLE_ROUTE = Symbol('console route');

type Handler<C extends ConsoleRoute> = (call: ConsoleCall<C>) => ConsoleReplyOf<C> | Promise<ConsoleReplyOf<C>>;

/**
 * Marks the method that implements a route: the request is parsed by the route's schemas before the method sees it, the
 * reply is reduced to its schema, and guards read from the route who may call it. Answers are never cached.
 */
export function Implements<C extends ConsoleRoute>(
  route: C,
): <M extends Handler<C>>(target: object, key: string, descriptor: TypedPropertyDescriptor<M>) => void {
  return (target, key, descriptor) => {
    const implementation = descriptor.value as Handler<C>;
    const handle = async function (this: unknown, request: FastifyRequest): Promise<unknown> {
      const reply: unknown = await implementation.call(this, toConsoleCall(route, request));
      return route.status === 204 ? undefined : route.reply.parse(reply);
    };
    descriptor.value = handle as unknown as NonNullable<typeof descriptor.value>;
    Req()(target, key, 0);
    const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
    applyDecorators(
      RequestMapping({ path, method: RequestMethod[route.method] }),
      HttpCode(route.status),
      Header('cache-control', 'no-store'),
      SetMetadata(CONSOLE_ROUTE, route),
    )(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  };
}
