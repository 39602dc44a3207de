import { describe, expect, test } from '@jest/globals';
import { ConsoleClient, ConsoleProblem } from './console-client.ts';
import { getSession, teamRoutes } from './routes/index.ts';

const answering = (response: () => Response) => {
  const asked: [string, RequestInit][] = [];
  const client = new ConsoleClient('https://console.example', (url, init) => {
    asked.push([url as string, init ?? {}]);
    return Promise.resolve(response());
  });
  return { client, asked };
};

const refusalOf = async (call: Promise<unknown>): Promise<ConsoleProblem> => {
  const thrown: unknown = await call.catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ConsoleProblem);
  return thrown as ConsoleProblem;
};

describe('a refusal', () => {
  test('is the problem that the server says, with how long to wait', async () => {
    const said = {
      type: 'urn:orgn-gateway:problem:rate_limit_exceeded',
      title: 'Too Many Requests',
      status: 429,
      code: 'rate_limit_exceeded',
      detail: 'Wait.',
      requestId: 'r1',
    };
    const { client } = answering(() => Response.json(said, { status: 429, headers: { 'retry-after': '7' } }));
    const refusal = await refusalOf(client.call(getSession));
    expect(refusal.problem).toEqual(said);
    expect(refusal.retryAfterSeconds).toBe(7);
  });

  test.each([
    ['a proxy’s page', () => new Response('<html>502 Bad Gateway</html>', { status: 502 })],
    ['nothing', () => new Response(null, { status: 504 })],
    [
      'JSON of another make',
      () => Response.json({ message: 'no' }, { status: 503, headers: { 'retry-after': 'soon' } }),
    ],
  ])('is unavailability where %s answered', async (_, response) => {
    const { client } = answering(response);
    const refusal = await refusalOf(client.call(getSession));
    expect(refusal.problem).toMatchObject({ code: 'service_unavailable', status: response().status });
    expect(refusal.retryAfterSeconds).toBeUndefined();
  });
});

test('a call can be broken off by its caller', async () => {
  const { client, asked } = answering(() => Response.json({ data: [], nextCursor: null }));
  const { signal } = new AbortController();
  await client.call(teamRoutes.list, { query: { limit: 1 }, signal });
  expect(asked[0]).toMatchObject(['https://console.example/api/teams?limit=1', { signal }]);
});
