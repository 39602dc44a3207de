import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  inspectKey,
  ServiceError,
  tellCredits,
  verifyKey,
  type Balance,
  type KeyView,
  type TeamId,
} from '@orgn/contracts';
import { startService, stopService, type Bus } from '@orgn/service-kit';
import {
  connectTestBus,
  playResponder,
  startNats,
  testEnvironment,
  type TestNats,
  type TestService,
} from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { gateway } from '../service.ts';

const balance: Balance = {
  teamId: 'team_acme' as TeamId,
  billing: 'prepaid',
  ...{ fundsNanoUsd: '20500000000', heldNanoUsd: '500000000', availableNanoUsd: '20000000000', owedNanoUsd: '0' },
  ...{ usedNanoUsd: '5000000000', waivedNanoUsd: '500000000' },
};

let nats: TestNats;
let bus: Bus;
let edge: TestService;
let api: string;

beforeAll(async () => {
  nats = await startNats();
  bus = await connectTestBus(nats);
  const environment = await testEnvironment({ instance: 'gateway-1', nats, servesHttp: true });
  edge = await startService(gateway, environment);
  api = `http://127.0.0.1:${environment.HTTP_PORT}`;
  playResponder(bus, verifyKey, ({ requestId }) =>
    makeWord({ ticket: requestId === null ? null : `a.ticket.${requestId}` }),
  );
  playResponder(bus, tellCredits, ({ ticket }) => {
    if (ticket.startsWith('a.ticket.')) return balance;
    throw new ServiceError('admission_refused', 'No.');
  });
});
afterAll(async () => {
  await stopService(edge);
  await bus.connection.close();
  await nats.stop();
});

const ask = async (seesBalance: boolean) => {
  const view = { ...makeView(), seesBalance, teamBudget: null, memberBudget: null };
  const end = playResponder(bus, inspectKey, () => view);
  await bus.connection.flush();
  const answer = await fetch(`${api}/v1/credits`, { headers: { authorization: `Bearer ${makeKey().raw}` } });
  end();
  return { status: answer.status, body: (await answer.json()) as { error?: { code: string } } };
};

function makeView(): KeyView {
  const { keyId: id, teamId, lineageId } = makeWord();
  return {
    ...{ id, teamId, lineageId, name: 'CI', hint: 'sk-ollm-…o5p6', state: 'active', expiresAt: null, models: null },
    ...{ executionPolicy: 'any', ipAllowList: null, budgets: null, softBudgets: [], rpm: null, tpm: null },
    ...{ concurrency: null, createdBy: null, ownerId: null, replaces: null, replacedBy: null },
    ...{ isAwaitingSuccessor: false, createdAt: '2026-01-01T00:00:00Z', lastUsedAt: null, lastUsedWith: null },
    ...{ lastUsedFrom: null, revokedAt: null, revocationReason: null },
  };
}

test('a key whose team allows it is told the balance, exactly and as OpenRouter’s clients read it', async () => {
  const { status, body } = await ask(true);
  expect([status, body]).toEqual([
    200,
    {
      object: 'credits',
      data: { total_credits: 25, total_usage: 4.5 },
      billing: 'prepaid',
      ...{ balance: '20.500000000', held: '0.500000000', available: '20.000000000', owed: '0.000000000' },
    },
  ]);
});

test('any other key is not', async () => {
  const { status, body } = await ask(false);
  expect([status, body.error?.code]).toEqual([403, 'not_permitted']);
});
