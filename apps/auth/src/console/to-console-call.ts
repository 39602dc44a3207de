import { type BodyOf, type ConsoleRoute, type ParamsOf, type QueryOf } from '@orgn/console-api';
import { parseRequest, ServiceError } from '@orgn/contracts';
import { parseStrictJson } from '@orgn/dialects';
import type { FastifyRequest } from 'fastify';
import { toClientContext } from './client-context.ts';
import type { ConsoleCall } from './console-call.ts';

/** Parses a request by its route. @throws ServiceError `invalid_request`, `unknown_parameter` naming the field */
export function toConsoleCall<C extends ConsoleRoute>(route: C, request: FastifyRequest): ConsoleCall<C> {
  const { caller, membership } = request.console ?? {};
  return {
    params: parseRequest(route.params, request.params) as ParamsOf<C>,
    query: parseRequest(route.query, request.query) as QueryOf<C>,
    body: parseRequest(route.body, bodyOf(request)) as BodyOf<C>,
    client: toClientContext(request),
    get caller() {
      if (caller) return caller;
      throw new ServiceError('not_signed_in', 'Sign in first.');
    },
    get membership() {
      if (membership) return membership;
      throw new ServiceError('not_found', 'There is no such team, or you are not in it.');
    },
  };
}

/** No body is an empty object: `curl -X POST` without data is a fair request to a route that needs none. */
function bodyOf({ body, headers }: FastifyRequest): unknown {
  if (!Buffer.isBuffer(body) || body.length === 0) return {};
  const type = headers['content-type'];
  if (type && !/^application\/json\s*(;|$)/i.test(type)) {
    throw new ServiceError(
      'invalid_request',
      'Send the body as JSON, with the header "content-type: application/json".',
    );
  }
  return parseStrictJson(body);
}
