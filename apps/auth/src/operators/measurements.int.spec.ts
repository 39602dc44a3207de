import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { MeasurementView } from '@orgn/console-api';
import type { Person } from '../testing/auth-host.ts';
import { measurementId } from '../testing/played-measurements.ts';
import { TeamHost } from '../testing/team-host.ts';

let host: TeamHost;
let operator: Person;
const [former, next] = ['a', 'b'].map(measurementId) as [string, string];

beforeAll(async () => {
  host = await TeamHost.start({ OPERATOR_GROUPS: 'operators' });
  host.playRouters();
  operator = await host.auth.person({ operates: 'operators' });
});
afterAll(() => host.stop());

const path = '/api/operator/measurements';
const list = async () => (await host.call(operator, 'GET', path)).body.data as unknown as MeasurementView[];
const decide = (id: string, verb: 'approve' | 'refuse', as = operator) =>
  host.call(as, 'POST', `${path}/${id}/${verb}`);
const entries = async () =>
  (
    await host.auth.database.query<Record<string, unknown>>(
      `SELECT team_id, actor_id, action, object_id, before, after FROM audit_entries WHERE object_kind = 'measurement' ORDER BY seq`,
    )
  ).rows;

test('nothing is approved without a recent sign-in, nor what was never seen, and no entry says so', async () => {
  const tired = await host.auth.person({ operates: 'operators' });
  await host.age(tired);
  expect((await decide(next, 'approve', tired)).body.code).toBe('reauthentication_required');
  expect((await decide(measurementId('c'), 'approve')).status).toBe(404);
  expect(await entries()).toEqual([]);
  expect((await list()).map(({ id, state, changes }) => [id, state, changes])).toEqual([
    [next, 'seen', null],
    [former, 'seen', null],
  ]);
});

test('an approval stands with who gave it, and what comes next is shown by what it changes', async () => {
  expect((await decide(former, 'approve')).body).toMatchObject({ state: 'approved', decidedBy: 'Some Body' });
  const [seen] = await list();
  expect(seen?.changes).toEqual([
    { name: 'composeHash', before: ['a'.repeat(64)], after: ['b'.repeat(64)] },
    { name: 'imageDigests', before: [`sha256:${'a'.repeat(64)}`], after: [`sha256:${'b'.repeat(64)}`] },
  ]);
});

test('the log of the deployment names the person, what was approved and what was before, in a chain that is whole', async () => {
  await decide(next, 'approve');
  await decide(next, 'refuse');
  expect(await entries()).toEqual([
    expect.objectContaining({ action: 'measurement.approved', object_id: former }),
    {
      ...{ team_id: null, actor_id: operator.userId, action: 'measurement.approved', object_id: next },
      before: { state: 'seen', composeHash: 'a'.repeat(64), imageDigests: `sha256:${'a'.repeat(64)}` },
      after: {
        ...{ state: 'approved', provider: 'near', mrtd: 'aa', osImageHash: '05' },
        ...{ composeHash: 'b'.repeat(64), imageDigests: [`sha256:${'b'.repeat(64)}`] },
      },
    },
    expect.objectContaining({ action: 'measurement.refused', before: expect.objectContaining({ state: 'approved' }) }),
  ]);
});

test('what cannot be written down is not approved', async () => {
  const answer = await host.withoutAudit(() => decide(next, 'approve'));
  expect(answer.status).toBe(503);
  expect((await list()).find(({ id }) => id === next)?.state).toBe('refused');
});
