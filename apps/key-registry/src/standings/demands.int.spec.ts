import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  issueGrant,
  keysChanged,
  readTeamDemands,
  setTeamDemands,
  toTicketStub,
  verifyGrant,
  verifyKey,
  type RequestId,
  type TeamId,
  type UserId,
} from '@orgn/contracts';
import { readStub, type Admission } from '@orgn/service-kit';
import { admissionSettings } from '@orgn/service-kit/settings';
import { startBackbone, TEST_ADMISSION_KEYS, type Backbone } from '@orgn/testing';
import { z } from 'zod';
import { makeDigest, makeKey, makePeppers } from '../keys/make.ts';
import { migrations } from '../migrations/index.ts';
import { keyRegistryService } from '../service.ts';

const admissionKeys = z.object(admissionSettings).parse({ ADMISSION_KEYS: TEST_ADMISSION_KEYS }).ADMISSION_KEYS;
const requestId = '01930000-0000-7000-8000-000000000001' as RequestId;
const teamId = 'team_careful' as TeamId;

let backbone: Backbone;

beforeAll(async () => {
  backbone = await startBackbone([{ name: 'key_registry', migrations }]);
  const parts = { schema: 'key_registry', more: { KEY_PEPPERS: makePeppers('test') } };
  await backbone.start(keyRegistryService, { instance: 'key-registry-1', ...parts });
});
afterAll(() => backbone.stop());

const demand = (demands: string | null) => backbone.bus.ask(setTeamDemands, { teamId, demands });
const wordOn = ({ ticket, executionPolicy }: { ticket: string | null; executionPolicy: string }) => {
  const stub = readStub(admissionKeys, toTicketStub(ticket ?? '')) as Admission;
  return { executionPolicy, teeDemands: stub.teeDemands, ofTicket: stub.executionPolicy };
};

test('what a team demands is in every ticket of its keys and its playground from the reply on, and no more once lifted', async () => {
  const key = await makeKey(backbone.bus, { teamId });
  const foreign = await makeKey(backbone.bus, { teamId: 'team_carefree' });
  const verify = async ({ digest }: { digest: string }) =>
    wordOn(await backbone.bus.ask(verifyKey, { digest, requestId }));
  const free = { executionPolicy: 'any', teeDemands: null, ofTicket: 'any' };
  expect(await verify(key)).toEqual(free);

  expect(await demand('gpu; tcb=UpToDate')).toEqual({ before: null });
  expect(await verify(key)).toEqual({ ...free, teeDemands: 'gpu; tcb=UpToDate' });
  expect(await demand('tee; gpu')).toEqual({ before: 'gpu; tcb=UpToDate' });
  const narrowed = { executionPolicy: 'tee_only', teeDemands: 'tee; gpu', ofTicket: 'tee_only' };
  expect(await verify(key)).toEqual(narrowed);
  expect(await verify(foreign)).toEqual(free);

  const digest = makeDigest();
  const ownerId = `user_${'2'.repeat(32)}` as UserId;
  const sessionId = `session_${'3'.repeat(32)}`;
  await backbone.bus.ask(issueGrant, { digest, requestId, sessionId, teamId, ownerId, executionPolicy: 'any' });
  expect(wordOn(await backbone.bus.ask(verifyGrant, { digest, requestId }))).toEqual(narrowed);

  expect(await backbone.bus.ask(readTeamDemands, { teamId })).toEqual({ demands: 'tee; gpu' });
  await demand(null);
  expect(await verify(key)).toEqual(free);
});

test('gateways look again at what runs when a team demands something else', async () => {
  const told = new Promise((resolve) => backbone.bus.listen(keysChanged, resolve));
  await backbone.bus.connection.flush();
  await demand('tee');
  expect(await told).toEqual({ keyIds: [], teamIds: [teamId] });
});
