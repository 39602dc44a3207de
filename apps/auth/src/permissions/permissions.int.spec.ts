import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consoleRoutes, teamActions, type ConsoleRoute, type TeamAction } from '@orgn/console-api';
import { disableKey, registerKey, type KeyId, type Role } from '@orgn/contracts';
import { startStripe, type TestStripe } from '@orgn/testing';
import { randomBytes } from 'node:crypto';
import type { Person } from '../testing/auth-host.ts';
import { shouldBeAbleTo } from '../testing/permission-matrix.ts';
import { Metering } from '../testing/metering.ts';
import { measurementId } from '../testing/played-measurements.ts';
import { PlayedGateway } from '../testing/played-gateway.ts';
import { roles, TeamHost, type TestTeam } from '../testing/team-host.ts';

let host: TeamHost;
let metering: Metering;
let gateway: PlayedGateway;
let stripe: TestStripe;

beforeAll(async () => {
  host = await TeamHost.start({ OPERATOR_GROUPS: 'operators' });
  host.playRouters();
  stripe = await startStripe();
  metering = await Metering.beside(host.auth, stripe.environment);
  gateway = await PlayedGateway.beside(host.auth);
});

afterAll(async () => {
  await metering.close();
  await stripe.stop();
  await gateway.close();
  await host.stop();
});

interface Attempt {
  method: string;
  path: string;
  body?: object;
}
type Prepare = (team: TestTeam, actor: Person, isOwn: boolean) => Attempt | Promise<Attempt>;

async function keyOf(team: TestTeam, owner: Person): Promise<KeyId> {
  const digest = randomBytes(32).toString('base64url');
  const limits = {
    models: null,
    executionPolicy: 'any',
    ipAllowList: null,
    budgets: null,
    rpm: null,
    tpm: null,
  } as const;
  const { id } = await host.auth.backbone.bus.ask(registerKey, {
    ...limits,
    digest,
    hint: 'sk-ollm-…o5p6',
    teamId: team.id,
    name: digest,
    expiresAt: null,
    createdBy: owner.userId,
  });
  return id;
}

/** A request about a key that the actor owns, or somebody else. */
function aboutKey(verb: string, body?: object, isDisabled = false): Prepare {
  return async (team, actor, isOwn) => {
    const other = actor === team.owner ? team.admin : team.owner;
    const id = await keyOf(team, isOwn ? actor : other);
    if (isDisabled) await host.auth.backbone.bus.ask(disableKey, { teamId: team.id, id });
    const method = verb === 'PATCH' || verb === 'GET' ? verb : 'POST';
    const rest = method === 'POST' ? `/${verb}` : '';
    return { method, path: `/api/teams/${team.id}/keys/${id}${rest}`, ...(body && { body }) };
  };
}

async function invite(team: TestTeam): Promise<string> {
  const email = `${randomBytes(6).toString('hex')}@orgn.test`;
  const { body } = await host.call(team.owner, 'POST', `/api/teams/${team.id}/invitations`, { email, role: 'viewer' });
  return body.id as string;
}

const in_ =
  (method: string, rest: string, body?: object): Prepare =>
  ({ id }) => ({ method, path: `/api/teams/${id}${rest}`, ...(body && { body }) });

const spare = (team: TestTeam, actor: Person) => (actor === team.viewer ? team.member : team.viewer);

/** One request for each action that the table knows. */
const attempts: Record<TeamAction, Prepare> = {
  'team.read': in_('GET', ''),
  'team.update': in_('PATCH', '', { name: 'Renamed' }),
  'team.delete': in_('DELETE', '', { confirm: true }),
  'team.transfer': (team) => ({
    method: 'POST',
    path: `/api/teams/${team.id}/transfer`,
    body: { userId: team.admin.userId },
  }),
  'team.leave': async (team, actor) => {
    if (actor === team.owner) await host.join(team, await host.person(), 'owner');
    return { method: 'POST', path: `/api/teams/${team.id}/leave` };
  },
  'enclaves.update': in_('PATCH', '/enclaves', { isTeeOnly: true, isGpu: false, isInstance: false, tcb: null }),
  'members.read': in_('GET', '/members'),
  'members.update': (team, actor) => ({
    method: 'PATCH',
    path: `/api/teams/${team.id}/members/${spare(team, actor).userId}`,
    body: { role: 'admin' },
  }),
  'members.remove': (team, actor) => ({
    method: 'DELETE',
    path: `/api/teams/${team.id}/members/${spare(team, actor).userId}`,
  }),
  'invitations.read': in_('GET', '/invitations'),
  'invitations.create': in_('POST', '/invitations', { email: 'new@orgn.test', role: 'viewer' }),
  'invitations.revoke': async (team) => ({
    method: 'DELETE',
    path: `/api/teams/${team.id}/invitations/${await invite(team)}`,
  }),
  'keys.read': aboutKey('GET'),
  'keys.create': in_('POST', '/keys', { name: 'mine' }),
  'keys.update': aboutKey('PATCH', { rpm: 5 }),
  'keys.rotate': aboutKey('rotate'),
  'keys.disable': aboutKey('disable'),
  'keys.enable': aboutKey('enable', undefined, true),
  'keys.revoke': aboutKey('revoke', { confirm: true }),
  'models.read': in_('GET', '/models'),
  'playground.use': in_('POST', '/playground/chat', { model: 'near_a' }),
  'usage.read': in_('GET', '/usage'),
  'requests.read': in_('GET', '/requests'),
  'audit.read': in_('GET', '/audit'),
  'billing.read': in_('GET', '/balance'),
  'billing.update': in_('POST', '/payments', { amountUsd: '25' }),
};

const entriesOf = async () =>
  (await host.auth.database.query<{ action: string }>('SELECT action FROM audit_entries ORDER BY id')).rows;

test('every action has a request that it is tried with', () => {
  expect(Object.keys(attempts)).toEqual([...teamActions]);
});

describe.each(roles)('a person with the role %s', (role: Role) => {
  const actions = Object.keys(attempts) as (keyof typeof attempts)[];

  test.each(actions)(
    '%s: may do what the table says, to their own and to others’, and nothing else',
    async (action) => {
      const ownerships = action.startsWith('keys.') && action !== 'keys.create' ? [true, false] : [true];
      for (const isOwn of ownerships) {
        const team = await host.team();
        const { method, path, body } = await attempts[action](team, team[role], isOwn);
        const answer = await host.call(team[role], method, path, body);
        const isAllowed = shouldBeAbleTo(role, action, isOwn);
        expect([isOwn, answer.status < 300, answer.body.code]).toEqual([
          isOwn,
          isAllowed,
          isAllowed ? undefined : 'not_permitted',
        ]);
      }
    },
  );

  test('sees in the team exactly what they may do', async () => {
    const team = await host.team();
    const { body } = await host.call(team[role], 'GET', `/api/teams/${team.id}`);
    expect(body.permissions).toEqual(teamActions.filter((action) => shouldBeAbleTo(role, action, true)));
  });
});

describe('a team that one is not in', () => {
  test('does not exist, whatever one asks of it', async () => {
    const team = await host.team();
    const stranger = await host.person();
    for (const [action, prepare] of Object.entries(attempts)) {
      const { method, path, body } = await prepare(team, team.owner, true);
      const answer = await host.call(stranger, method, path, body);
      expect([action, answer.status, answer.body.code]).toEqual([action, 404, 'not_found']);
    }
  });

  test('does not lend its keys, members and invitations to another team', async () => {
    const [team, other] = [await host.team(), await host.team()];
    const [key, invitation] = [await keyOf(other, other.owner), await invite(other)];
    const foreign: [string, string, object?][] = [
      ['GET', `/keys/${key}`],
      ['GET', `/keys/${key}/activity`],
      ['POST', `/keys/${key}/extend`, { graceSeconds: 60 }],
      ['PATCH', `/keys/${key}`, { name: 'mine' }],
      ...(['rotate', 'revoke', 'disable', 'enable'] as const).map((verb): [string, string] => [
        'POST',
        `/keys/${key}/${verb}`,
      ]),
      ['PATCH', `/members/${other.member.userId}`, { role: 'viewer' }],
      ['PATCH', `/members/${other.member.userId}/budget`, { budget: null }],
      ['DELETE', `/members/${other.member.userId}`],
      ['POST', `/invitations/${invitation}/resend`],
      ['DELETE', `/invitations/${invitation}`],
    ];
    for (const [method, rest, body] of foreign) {
      const answer = await host.call(team.owner, method, `/api/teams/${team.id}${rest}`, body);
      expect([method, rest, answer.status, answer.body.code]).toEqual([method, rest, 404, 'not_found']);
    }
  });
});

/** A call that succeeds, by somebody who may make it. */
type Success = (route: ConsoleRoute) => Promise<Attempt & { as: Person }>;

const asOperator =
  (verb: 'suspend' | 'resume', body: object): Success =>
  async () => {
    const { id } = await host.team();
    const as = await host.auth.person({ operates: 'operators' });
    return { as, method: 'POST', path: `/api/operator/teams/${id}/${verb}`, body };
  };

const asApprover =
  (verb: 'approve' | 'refuse'): Success =>
  async () => {
    const as = await host.auth.person({ operates: 'operators' });
    return { as, method: 'POST', path: `/api/operator/measurements/${measurementId('b')}/${verb}` };
  };

const asOwner =
  (action: keyof typeof attempts): Success =>
  async () => {
    const team = await host.team();
    return { as: team.owner, ...(await attempts[action](team, team.owner, true)) };
  };

const successes: Record<string, Success> = {
  signOut: async () => ({ as: await host.person(), method: 'POST', path: '/api/auth/logout' }),
  endSession: async () => {
    const person = await host.person();
    const { sessionId } = await host.auth.person({ userId: person.userId });
    return { as: person, method: 'DELETE', path: `/api/sessions/${sessionId}` };
  },
  endOtherSessions: async () => ({ as: await host.person(), method: 'DELETE', path: '/api/sessions' }),
  createTeam: async () => ({ as: await host.person(), method: 'POST', path: '/api/teams', body: { name: 'New' } }),
  updateTeam: asOwner('team.update'),
  deleteTeam: asOwner('team.delete'),
  transferTeam: asOwner('team.transfer'),
  leaveTeam: asOwner('team.leave'),
  setEnclaveDemands: asOwner('enclaves.update'),
  updateMember: asOwner('members.update'),
  removeMember: asOwner('members.remove'),
  createInvitation: asOwner('invitations.create'),
  resendInvitation: async () => {
    const team = await host.team();
    return { as: team.owner, method: 'POST', path: `/api/teams/${team.id}/invitations/${await invite(team)}/resend` };
  },
  revokeInvitation: asOwner('invitations.revoke'),
  acceptInvitation: async () => {
    const team = await host.team();
    const as = await host.person({ email: 'joins@orgn.test' });
    const path = `/api/teams/${team.id}/invitations`;
    const { body } = await host.call(team.owner, 'POST', path, { email: 'joins@orgn.test', role: 'viewer' });
    const token = (body.link as string).split('#token=')[1];
    return { as, method: 'POST', path: '/api/invitations/accept', body: { token } };
  },
  createKey: asOwner('keys.create'),
  updateKey: asOwner('keys.update'),
  rotateKey: asOwner('keys.rotate'),
  revokeKey: asOwner('keys.revoke'),
  extendKey: async () => {
    const team = await host.team();
    const { id } = await host.key(team);
    await host.call(team.owner, 'POST', `/api/teams/${team.id}/keys/${id}/rotate`, { graceSeconds: 60 });
    const path = `/api/teams/${team.id}/keys/${id}/extend`;
    return { as: team.owner, method: 'POST', path, body: { graceSeconds: 3_600 } };
  },
  disableKey: asOwner('keys.disable'),
  enableKey: asOwner('keys.enable'),
  setTeamBudget: async () => {
    const team = await host.team();
    const body = { budget: { limit: '5' } };
    return { as: team.owner, method: 'PATCH', path: `/api/teams/${team.id}/budget`, body };
  },
  showBalance: async () => {
    const team = await host.team();
    return { as: team.owner, method: 'PATCH', path: `/api/teams/${team.id}/balance`, body: { keysSeeBalance: true } };
  },
  setMemberBudget: async () => {
    const team = await host.team();
    const path = `/api/teams/${team.id}/members/${team.member.userId}/budget`;
    return { as: team.admin, method: 'PATCH', path, body: { budget: { limit: 2.5, isSoft: true } } };
  },
  setAlerts: async () => {
    const team = await host.team();
    return { as: team.owner, method: 'PATCH', path: `/api/teams/${team.id}/alerts`, body: { percents: [90] } };
  },
  openPayment: asOwner('billing.update'),
  cancelPayment: async () => {
    const team = await host.team();
    const path = `/api/teams/${team.id}/payments`;
    const { body } = await host.call(team.owner, 'POST', path, { amountUsd: '25' });
    return { as: team.owner, method: 'DELETE', path: `${path}/${body.id as string}` };
  },
  deleteAccount: async () => ({ as: await host.person(), method: 'DELETE', path: '/api/account' }),
  suspendTeam: asOperator('suspend', { reason: 'unpaid' }),
  resumeTeam: asOperator('resume', {}),
  approveMeasurement: asApprover('approve'),
  refuseMeasurement: asApprover('refuse'),
};

/** Asking a model changes nothing that an audit log is for: its record is its usage. */
const changing = consoleRoutes.filter(({ method, name }) => method !== 'GET' && name !== 'tryModel');

describe.each(changing.map((route) => [route.name, route] as const))('%s', (name, route) => {
  test('writes exactly one audit entry when it succeeds, and none when it refuses', async () => {
    const { as, method, path, body } = await successes[name]!(route);
    const before = (await entriesOf()).length;
    // Refused: nobody is signed in, and a foreign site cannot make anybody's browser do it.
    const foreign = await host.auth.call(as, method, path, {
      headers: { origin: 'https://evil.test' },
      ...(body && { body }),
    });
    expect(foreign.status).toBe(403);
    if (route.access.who === 'signed_in') expect((await host.call(undefined, method, path, body)).status).toBe(401);
    if (route.access.action || route.access.isOperator)
      expect((await host.call(await host.person(), method, path, body)).status).toBe(404);
    expect((await entriesOf()).length).toBe(before);
    expect((await host.call(as, method, path, body)).status).toBe(route.status);
    expect((await entriesOf()).slice(before)).toEqual([{ action: route.audit }]);
  });
});
