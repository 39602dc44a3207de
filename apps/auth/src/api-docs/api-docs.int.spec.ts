import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consoleRoutes, ConsoleClient, ConsoleProblem, keyRoutes, teamRoutes } from '@orgn/console-api';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

let host: TeamHost;
let team: TestTeam;

beforeAll(async () => {
  host = await TeamHost.start({ RATE_LIMIT_FACTOR: '1' });
  team = await host.team();
});

afterAll(() => host.stop());

describe('the documentation', () => {
  test('describes every route in OpenAPI 3.1, by the schemas that requests are parsed by', async () => {
    const response = await fetch(`${host.auth.url}/api/openapi.json`);
    const document = (await response.json()) as { openapi: string; paths: Record<string, Record<string, object>> };
    expect(document.openapi).toBe('3.1.0');
    const described = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(consoleRoutes.map(({ method, path }) => `${method} ${path}`).sort());
    expect(document.paths['/api/teams/{teamId}/keys']?.post).toMatchObject({
      operationId: 'createKey',
      requestBody: { content: { 'application/json': { schema: { required: ['name'] } } } },
      responses: { 201: {}, 409: { description: expect.stringContaining('request_conflict') } },
    });
  });

  test('is a page for people that needs no script and nothing from elsewhere', async () => {
    const response = await fetch(`${host.auth.url}/api/docs`);
    const page = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect(page).not.toMatch(/<script|\sstyle=|\son\w+=|src="http/);
    for (const { name, path } of consoleRoutes)
      expect(page).toMatch(new RegExp(`id="${name}"><code>\\w+ ${path.replace(/[{}/]/g, '\\$&')}<`));
  });

  test('in the repository lists the routes that there are', async () => {
    const guide = await readFile(join(import.meta.dirname, '../../../../docs/console-api.md'), 'utf8');
    const listed = [...guide.matchAll(/^\| `((?:GET|POST|PATCH|DELETE) \S+)`/gm)].map(([, route]) => route);
    expect(listed).toEqual(consoleRoutes.map(({ method, path }) => `${method} ${path}`));
  });

  test('names no operation twice', () => {
    expect(new Set(consoleRoutes.map(({ name }) => name)).size).toBe(consoleRoutes.length);
  });
});

describe('the typed client', () => {
  test('calls the API as the page does, and throws what the server refuses with', async () => {
    const fetcher: typeof fetch = (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as object), cookie: team.owner.cookie } });
    const client = new ConsoleClient(host.auth.url, fetcher);
    const { id } = await client.call(teamRoutes.create, { body: { name: 'By client' } });
    const made = await client.call(keyRoutes.create, {
      params: { teamId: id },
      body: { name: 'CI', budgets: { day: 5 } },
    });
    expect(made).toMatchObject({ state: 'active', budgets: { day: '5' } });
    const { data } = await client.call(keyRoutes.list, { params: { teamId: id }, query: { limit: 1 } });
    expect(data.map((key) => key.id)).toEqual([made.id]);
    const refused = client.call(teamRoutes.delete, { params: { teamId: id } });
    await expect(refused).rejects.toThrow(ConsoleProblem);
    await expect(refused).rejects.toMatchObject({ problem: { code: 'confirmation_required', status: 409 } });
  });
});

describe('what is done too often', () => {
  test('is refused for a while: 60 sign-ins a minute from an address', async () => {
    const begin = () => fetch(`${host.auth.url}/api/auth/login`, { redirect: 'manual' });
    for (let at = 0; at < 60; at += 1) expect((await begin()).status).not.toBe(429);
    const refused = await begin();
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect(refused.headers.get('content-type')).toContain('text/html');
  });

  test('is refused for a while: 100 invitations an hour for a team', async () => {
    const invite = (at: number) =>
      host.call(team.owner, 'POST', `/api/teams/${team.id}/invitations`, { email: `g${at}@orgn.test`, role: 'viewer' });
    for (let at = 0; at < 100; at += 1) expect((await invite(at)).status).toBe(201);
    const { status, body, headers } = await invite(100);
    expect([status, body.code]).toEqual([429, 'rate_limit_exceeded']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(3_000);
    const other = await host.team();
    const elsewhere = `/api/teams/${other.id}/invitations`;
    expect(await host.call(other.owner, 'POST', elsewhere, { email: 'g@orgn.test', role: 'viewer' })).toMatchObject({
      status: 201,
    });
  });

  test('is refused for a while: 300 keys an hour for a person', async () => {
    const path = `/api/teams/${team.id}/keys`;
    for (let at = 0; at < 300; at += 1) await host.call(team.member, 'POST', path, { name: '' });
    expect(await host.call(team.member, 'POST', path, { name: 'one more' })).toMatchObject({ status: 429 });
    expect(await host.call(team.admin, 'POST', path, { name: 'another person' })).toMatchObject({ status: 201 });
  });
});
