import { z } from 'zod';
import { errorTable } from '@orgn/contracts';
import { CSRF_HEADER } from './console-client.ts';
import { problem, PROBLEM_TYPE } from './problem.ts';
import type { ConsoleRoute } from './route.ts';

/** Refusals that any route may answer with, by what it asks of its caller. */
const everyRoute = ['invalid_request', 'service_unavailable'] as const;
const signedInRoute = ['not_signed_in'] as const;

/** Describes routes in OpenAPI 3.1, from the very schemas that the server parses by. */
export function toOpenApi(routes: readonly ConsoleRoute[], version: string): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = toOperation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'ORGN Gateway console API',
      version,
      description: `JSON API of the console host. Requests that change something carry the header ${CSRF_HEADER}: 1.`,
    },
    paths,
    components: {
      schemas: { Problem: jsonSchema(problem, 'output') },
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: '__Host-orgn_session' } },
    },
  };
}

function toOperation(route: ConsoleRoute): object {
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [route.tag],
    ...(route.access.who === 'signed_in' && { security: [{ session: [] }] }),
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query'), ...csrfOf(route)],
    ...(hasBody(route) && { requestBody: { required: true, content: json(jsonSchema(route.body, 'input')) } }),
    responses: { [route.status]: successOf(route), ...refusalsOf(route) },
  };
}

function csrfOf({ method, access }: ConsoleRoute): object[] {
  if (method === 'GET' || access.who === 'public') return [];
  return [{ name: CSRF_HEADER, in: 'header', required: true, schema: { type: 'string', const: '1' } }];
}

function hasBody({ method, body }: ConsoleRoute): boolean {
  return method !== 'GET' && !(body instanceof z.ZodObject && Object.keys(body.shape).length === 0);
}

function successOf({ status, reply }: ConsoleRoute): object {
  if (status === 204) return { description: 'Done.' };
  if (status === 302) return { description: 'Sends the browser on. Refusals are pages.' };
  return { description: status === 201 ? 'Created.' : 'OK.', content: json(jsonSchema(reply, 'output')) };
}

/** One entry a status, naming the codes that it may carry. */
function refusalsOf({ errors, access }: ConsoleRoute): Record<string, object> {
  const codes = [...everyRoute, ...(access.who === 'signed_in' ? signedInRoute : []), ...errors];
  const byStatus = Map.groupBy(new Set(codes), (code) => errorTable[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      status,
      {
        description: group.map((code) => `\`${code}\``).join(', '),
        content: { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function parametersOf(schema: z.ZodObject, where: 'path' | 'query'): object[] {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, object>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, type]) => ({
    name,
    in: where,
    required: where === 'path' || required.includes(name),
    schema: type,
  }));
}

const json = (schema: object) => ({ 'application/json': { schema } });

/** `unrepresentable: any`: what JSON Schema cannot say is left open instead of failing the whole document. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
