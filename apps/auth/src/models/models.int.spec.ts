import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mayKeyUse, type ConsoleModel, type ModelKey } from '@orgn/console-api';
import type { Model } from '@orgn/contracts';
import { TeamHost, type TestTeam } from '../testing/team-host.ts';

const chat = (id: string, provider: string, execution: Model['execution']): Model => ({
  ...{ id, provider, execution, type: 'chat', displayName: id, ownedBy: 'qwen', promptCaching: false },
  ...{ capabilities: ['chat', 'tools'], inputModalities: ['text'], outputModalities: ['text'] },
  ...{ context: 8_192, maxOutput: 1_024, defaultOutput: 256, price: { input: '0.15', output: '0.60' }, isSample: true },
});
const models = [chat('near_a', 'near', 'tee'), chat('vercel_b', 'vercel', 'zdr'), chat('local_c', 'local', 'operator')];

let host: TeamHost;
let team: TestTeam;

beforeAll(async () => {
  host = await TeamHost.start();
  host.playRouters(models, {
    providers: { near: { health: 'ok', circuit: 'closed' }, vercel: { health: 'failing', circuit: 'open' } },
  });
  team = await host.team();
});
afterAll(() => host.stop());

const list = async (as = team.viewer) => {
  const { body } = await host.call(as, 'GET', `/api/teams/${team.id}/models`);
  return body as unknown as { data: ConsoleModel[]; keys: ModelKey[]; executions: { execution: string }[] };
};

describe('the models of a deployment', () => {
  test('are shown to whoever is in a team, with how their providers do', async () => {
    const { data, executions } = await list();
    expect(data.map(({ id, availability, attestation, health }) => [id, availability, attestation, health])).toEqual([
      ['near_a', 'available', 'not_checked', { provider: 'ok', circuit: 'closed' }],
      ['vercel_b', 'failing', 'not_an_enclave', { provider: 'failing', circuit: 'open' }],
      ['local_c', 'unknown', 'not_an_enclave', { provider: 'unknown', circuit: null }],
    ]);
    expect(data[0]).toMatchObject({ price: { input: '0.15', output: '0.60' }, isSample: true, context: 8_192 });
    expect(data[0]?.enclave).toBeNull();
    expect(executions.map(({ execution }) => execution)).toEqual(['tee', 'zdr', 'operator']);
  });

  test('name the parameters that they take, and none that they have no use for', async () => {
    const [model] = (await list()).data;
    expect(model?.parameters).toEqual(expect.arrayContaining(['temperature', 'top_p', 'max_tokens', 'stop', 'tools']));
    expect(model?.parameters).not.toEqual(expect.arrayContaining(['messages']));
    for (const name of ['messages', 'model', 'response_format', 'reasoning_effort'])
      expect(model?.parameters).not.toContain(name);
  });

  test('come with the caller’s own active keys, and what those are limited to', async () => {
    await host.key(team, team.owner, { name: 'not mine' });
    const { id } = await host.key(team, team.member, { name: 'mine', models: ['vercel_b'] });
    const ended = await host.key(team, team.member, { name: 'ended' });
    await host.call(team.member, 'POST', `/api/teams/${team.id}/keys/${ended.id}/revoke`, { confirm: true });
    const { data, keys } = await list(team.member);
    expect(keys).toMatchObject([{ id, name: 'mine', models: ['vercel_b'], executionPolicy: 'any' }]);
    expect(data.map((model) => mayKeyUse(keys[0]!, model))).toEqual([false, true, false]);
    expect(data.map((model) => mayKeyUse({ models: null, executionPolicy: 'tee_only' }, model))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
