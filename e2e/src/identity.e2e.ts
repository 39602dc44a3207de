import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, Stack } from './stack.ts';
import { Visitor } from './visitor.ts';

interface Team {
  id: string;
  name: string;
  role: string;
}
interface Key {
  id: string;
  key: string;
  name: string;
  state: string;
  models: string[] | null;
  executionPolicy: string;
}
interface Page<T> {
  data: T[];
}

const hello = { model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] };
const isLong = process.env.TEST_LONG === '1';

const stack = new Stack();
let owner: Visitor;
let admin: Visitor;
let team: Team;

const callWith = async (key: string, body: object = hello): Promise<string> => {
  const response = await stack.chat(body, { key });
  const answer = (await response.json()) as { error?: { code: string } };
  return response.ok ? 'accepted' : `${response.status} ${answer.error?.code}`;
};
const createKey = async (body: object): Promise<Key> => {
  const created = await owner.api<Key>('POST', `/api/teams/${team.id}/keys`, body);
  expect(created).toMatchObject({ status: 201 });
  return created.body;
};

beforeAll(async () => {
  await stack.start('--registries', '2');
  owner = new Visitor(stack.file.console);
  admin = new Visitor(stack.file.console);
});
afterAll(() => stack.remove());

describe('a new user', () => {
  test('signs in without a form and lands on a page, with a team of their own', async () => {
    expect(await owner.signIn('owner@orgn.test')).toMatchObject({ status: 200 });
    const session = await owner.api<{ user: { email: string }; teams: Team[] }>('GET', '/api/session');
    expect(session).toMatchObject({ status: 200, body: { user: { email: 'owner@orgn.test' } } });
    expect(session.body.teams.map(({ role }) => role)).toContain('owner');
    expect(session.body.teams.map(({ id }) => id)).toContain(stack.file.demo.teamId);
  });

  test('creates a team and invites somebody, who accepts', async () => {
    const created = await owner.api<Team>('POST', '/api/teams', { name: 'Acme' });
    expect(created).toMatchObject({ status: 201, body: { name: 'Acme' } });
    team = created.body;
    await stack.credit(team.id);
    const invited = await owner.api<{ link: string }>('POST', `/api/teams/${team.id}/invitations`, {
      email: 'admin@orgn.test',
      role: 'admin',
    });
    expect(invited.status).toBe(201);
    const token = new URLSearchParams(new URL(invited.body.link).hash.slice(1)).get('token');
    await admin.signIn('admin@orgn.test');
    expect((await admin.api('GET', `/api/teams/${team.id}`)).status).toBe(404);
    expect((await admin.api('POST', '/api/invitations/accept', { token })).status).toBe(200);
    expect(await admin.api('GET', `/api/teams/${team.id}`)).toMatchObject({ status: 200, body: { role: 'admin' } });
    expect((await admin.api('POST', '/api/invitations/accept', { token })).status).toBeGreaterThanOrEqual(400);
  });

  test('creates a key, calls the API, rotates, revokes, and reads it all in the audit log', async () => {
    const first = await createKey({ name: 'production', executionPolicy: 'tee_only', models: [hello.model] });
    expect(await callWith(first.key)).toBe('accepted');
    expect(await callWith(first.key, { ...hello, model: 'vercel_gpt_4o' })).toBe('403 execution_policy');
    const rotated = await owner.api<Key>('POST', `/api/teams/${team.id}/keys/${first.id}/rotate`, {});
    expect(rotated).toMatchObject({ status: 201, body: { name: 'production', models: [hello.model] } });
    expect(await callWith(first.key)).toBe('accepted');
    expect(await callWith(rotated.body.key)).toBe('accepted');
    expect(await callWith(rotated.body.key, { ...hello, model: 'vercel_gpt_4o' })).toBe('403 execution_policy');
    const path = `/api/teams/${team.id}/keys/${rotated.body.id}/revoke`;
    expect(
      (await owner.api('POST', `/api/teams/${team.id}/keys/${first.id}/revoke`, { reason: 'rotated' })).status,
    ).toBe(200);
    expect(await owner.api('POST', path, { reason: 'unused' })).toMatchObject({
      status: 409,
      body: { code: 'confirmation_required' },
    });
    expect((await owner.api('POST', path, { reason: 'unused', confirm: true })).status).toBe(200);
    expect(await callWith(rotated.body.key)).toBe('401 key_revoked');
    const audit = await owner.api<Page<{ action: string }>>('GET', `/api/teams/${team.id}/audit`);
    const actions = audit.body.data.map(({ action }) => action);
    expect(actions.filter((action) => action === 'key.revoked')).toHaveLength(2);
    for (const action of ['team.created', 'invitation.created', 'key.created', 'key.rotated']) {
      expect(actions).toContain(action);
    }
    expect(JSON.stringify(audit.body)).not.toContain(first.key.slice(8));
  });

  test('finds that sessions do not open the API host and keys do not open the console', async () => {
    const { key } = await createKey({ name: 'lost' });
    const withKey = await fetch(`${stack.file.console}/api/session`, { headers: { authorization: `Bearer ${key}` } });
    expect(withKey.status).toBe(401);
    expect(((await withKey.json()) as { detail: string }).detail).toMatch(/key/i);
    const withCookie = await fetch(`${stack.file.api}/v1/models`, { headers: { cookie: 'orgn_session=1' } });
    expect(withCookie.status).toBe(401);
  });
});

describe('a key', () => {
  test('tells about itself, and ends by the hand of whoever holds it', async () => {
    const { key, id } = await createKey({ name: 'self', rpm: 10 });
    const headers = { authorization: `Bearer ${key}` };
    const told = await fetch(`${stack.file.api}/v1/key`, { headers });
    expect(await told.json()).toMatchObject({ object: 'key', id, name: 'self', rpm: 10, state: 'active' });
    const ended = await fetch(`${stack.file.api}/v1/key/revoke`, { method: 'POST', headers });
    expect([ended.status, await ended.json()]).toMatchObject([200, { id, revocation_reason: 'leaked' }]);
    expect(await callWith(key)).toBe('401 key_revoked');
    const audit = await owner.api<Page<{ action: string; object: { id: string }; actor: { kind: string } }>>(
      'GET',
      `/api/teams/${team.id}/audit`,
    );
    expect(audit.body.data[0]).toMatchObject({ action: 'key.revoked', object: { id }, actor: { kind: 'holder' } });
  });

  test('of a removed member is refused at once when they are to be suspended', async () => {
    const created = await admin.api<Key>('POST', `/api/teams/${team.id}/keys`, { name: 'of the admin' });
    expect(await callWith(created.body.key)).toBe('accepted');
    const me = await admin.api<{ user: { id: string } }>('GET', '/api/session');
    const member = `/api/teams/${team.id}/members/${me.body.user.id}`;
    expect((await owner.api('DELETE', member)).status).toBe(409);
    expect((await owner.api('DELETE', `${member}?keys=suspend`)).status).toBeLessThan(300);
    expect(await callWith(created.body.key)).toBe('403 key_owner_removed');
    expect((await admin.api('GET', '/api/session')).status).toBe(401);
  });

  test('of a suspended team is refused at once, and accepted again when the operator resumes the team', async () => {
    const { key } = await createKey({ name: 'suspended' });
    expect(await callWith(key)).toBe('accepted');
    expect((await stack.operator('teams', 'suspend', '--team', team.id, '--reason', 'unpaid')).code).toBe(0);
    expect(await callWith(key)).toBe('403 team_suspended');
    expect((await stack.operator('teams', 'resume', '--team', team.id)).code).toBe(0);
    expect(await callWith(key)).toBe('accepted');
  });
});

describe('rotation under load', () => {
  const callers = isLong ? 24 : 6;
  const graceSeconds = isLong ? 12 : 4;

  test.each(['now', 'first_use'] as const)(
    'refuses no caller who switches within grace, and the old secret after it (activate: %s)',
    async (activate) => {
      const old = await createKey({ name: `rotating ${activate}`, executionPolicy: 'tee_only' });
      let isOver = false;
      let current = old.key;
      const outcomes: string[] = [];
      const loads = Array.from({ length: callers }, async () => {
        while (!isOver) outcomes.push(await callWith(current));
      });
      await eventually(() => expect(outcomes.length).toBeGreaterThan(callers * 2));
      const rotated = await owner.api<Key>('POST', `/api/teams/${team.id}/keys/${old.id}/rotate`, {
        graceSeconds,
        activate,
      });
      expect(rotated).toMatchObject({ status: 201, body: { executionPolicy: 'tee_only' } });
      await sleep(graceSeconds * 400);
      current = rotated.body.key;
      await sleep(graceSeconds * 400);
      isOver = true;
      await Promise.all(loads);
      expect(outcomes.filter((outcome) => outcome !== 'accepted')).toEqual([]);
      await eventually(async () => expect(await callWith(old.key)).toBe('401 key_expired'));
      expect(await callWith(rotated.body.key)).toBe('accepted');
      process.stdout.write(
        `rotation (${activate}): ${outcomes.length} calls, 0 refused, old secret refused after grace\n`,
      );
    },
  );
});
