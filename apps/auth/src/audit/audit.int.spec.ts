import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditView } from '@orgn/console-api';
import { issueKey, noRestrictions, resumeTeam, suspendTeam, withdrawKey } from '@orgn/contracts';
import { schemaDrift } from '@orgn/testing';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';
import { AuditEntryEntity } from './audit-entry.entity.ts';

let host: TeamHost;
let team: TestTeam;
let key: string;

beforeAll(async () => {
  host = await TeamHost.start();
  team = await host.team();
  key = (await host.key(team, team.member)).id;
  await host.call(team.admin, 'POST', `/api/teams/${team.id}/keys/${key}/disable`);
  await host.call(team.admin, 'POST', `/api/teams/${team.id}/keys/${key}/enable`);
  await host.call(team.owner, 'PATCH', `/api/teams/${team.id}`, { name: 'Renamed' });
});

afterAll(() => host.stop());

const list = (query = '') => host.call(team.admin, 'GET', `/api/teams/${team.id}/audit${query}`);
const actionsOf = async (query: string) => (await list(query)).body.data.map(({ action }) => action);

describe('the audit log', () => {
  test('shows who did what, newest first, with names and without secrets', async () => {
    const { status, body } = await list();
    expect([status, body.nextCursor]).toEqual([200, null]);
    expect(body.data.map(({ action }) => action)).toEqual([
      'team.updated',
      'key.enabled',
      'key.disabled',
      'key.created',
      'team.created',
    ]);
    expect(body.data[1]).toMatchObject({
      actor: { kind: 'user', id: team.admin.userId, name: 'Some Body' },
      object: { kind: 'key', id: key },
      before: { state: 'disabled' },
      after: { state: 'active' },
      client: { address: expect.stringMatching(/127\.0\.0\.1|::1/), userAgent: expect.any(String) },
    });
  });

  test('is filtered by actor, action, object and time', async () => {
    expect(await actionsOf(`?actor=${team.admin.userId}`)).toEqual(['key.enabled', 'key.disabled']);
    expect(await actionsOf('?actor=operator')).toEqual([]);
    expect(await actionsOf('?action=key.created')).toEqual(['key.created']);
    expect(await actionsOf(`?object=${team.id}`)).toEqual(['team.updated', 'team.created']);
    const { body } = await list('?action=key.disabled');
    const at = encodeURIComponent(body.data[0]?.at as string);
    expect(await actionsOf(`?since=${at}`)).toEqual(expect.arrayContaining(['team.updated', 'key.enabled']));
    expect(await actionsOf(`?until=${at}`)).not.toContain('key.enabled');
  });

  test('pages to its end without losing or repeating anything', async () => {
    const all: unknown[] = [];
    let cursor = '';
    do {
      const { body } = await list(`?limit=2${cursor && `&cursor=${cursor}`}`);
      all.push(...body.data);
      cursor = (body.nextCursor ?? '') as string;
    } while (cursor);
    expect(all).toEqual((await list()).body.data);
  });

  test('is exported whole, one entry a line, by parameter or by what the caller accepts', async () => {
    const path = `/api/teams/${team.id}/audit`;
    const byQuery = await host.auth.call(team.admin, 'GET', `${path}?format=ndjson&limit=1`);
    const byHeader = await host.auth.call(team.admin, 'GET', path, { headers: { accept: 'application/x-ndjson' } });
    for (const response of [byQuery, byHeader]) {
      expect(response.headers.get('content-type')).toBe('application/x-ndjson');
      const lines = (await response.text()).trimEnd().split('\n');
      expect(lines.map((line) => auditView.parse(JSON.parse(line)).id)).toEqual(
        (await list()).body.data.map(({ id }) => id),
      );
    }
  });

  test('is exported across the pages that it is read in', async () => {
    const many = await host.team();
    await host.auth.database.query(
      `SELECT record_audit_entry($1, 'system', NULL, NULL, 'team.updated', 'team', $1, NULL, NULL, NULL)
       FROM generate_series(1, 1234)`,
      [many.id],
    );
    const response = await host.auth.call(
      many.admin,
      'GET',
      `/api/teams/${many.id}/audit?format=ndjson&action=team.updated`,
    );
    const ids = (await response.text())
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id);
    expect(new Set(ids).size).toBe(1_234);
  });

  test('names the operator who did it, as the bus knows them, and where from', async () => {
    const audited = await host.team();
    const { bus } = host.auth.backbone;
    await bus.ask(suspendTeam, { teamId: audited.id, reason: 'not paid' });
    await bus.ask(resumeTeam, { teamId: audited.id });
    const issued = await bus.ask(issueKey, { teamId: audited.id, name: 'by the operator', ...noRestrictions });
    await bus.ask(withdrawKey, { id: issued.id, reason: 'rotated' });
    const { body } = await host.call(audited.admin, 'GET', `/api/teams/${audited.id}/audit?actor=operator`);
    expect(body.data.map(({ action }) => action)).toEqual([
      'key.revoked',
      'key.created',
      'team.resumed',
      'team.suspended',
    ]);
    for (const entry of body.data) {
      expect(entry).toMatchObject({
        actor: { kind: 'operator', id: null, name: 'ops' },
        client: { address: '127.0.0.1', userAgent: 'cli' },
      });
    }
  });

  test('shows its owners the head of their chain', async () => {
    const path = `/api/teams/${team.id}/audit/head`;
    const { status, body } = await host.call(team.owner, 'GET', path);
    expect([status, body]).toEqual([
      200,
      { chain: team.id, seq: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/), at: expect.any(String) },
    ]);
    expect((await host.call(team.member, 'GET', path)).status).toBe(403);
    expect((await host.call(await host.person(), 'GET', path)).status).toBe(404);
  });

  test('cannot be changed or shortened, not even by this service', async () => {
    for (const statement of ['UPDATE audit_entries SET action = $1', 'DELETE FROM audit_entries WHERE action = $1']) {
      await expect(host.auth.database.query(statement, ['x'])).rejects.toMatchObject({ code: '42501' });
    }
    await expect(host.auth.database.query('TRUNCATE audit_entries')).rejects.toMatchObject({ code: '42501' });
  });

  test('stands or falls with the change: what cannot be written down does not happen', async () => {
    const refused = await host.withoutAudit(() =>
      host.call(team.owner, 'PATCH', `/api/teams/${team.id}`, { name: 'Unwritten' }),
    );
    expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable']);
    expect((await host.call(team.owner, 'GET', `/api/teams/${team.id}`)).body.name).toBe('Renamed');
  });

  test('is a table as the entity says', async () => {
    expect(await schemaDrift(host.auth.backbone.postgres.urlOf('auth'), [AuditEntryEntity])).toEqual([]);
  });
});
