import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ServiceError, TICKET_HEADER, usageRecordedByGateway, type UsageEvent } from '@orgn/contracts';
import { DISPATCH_ERROR_TYPE } from '@orgn/dialects';
import { EdgeStage, eventually } from '@orgn/testing';
import { makeKey, makeWord } from '../authentication/make.ts';
import { makeModel } from '../models/make.ts';
import { gateway } from '../service.ts';

const model = makeModel({ execution: 'zdr' });
const key = makeKey();
const STUB = 'a1.a.values.of.a.ticket.that.only.this.test.gives.out';

let stage: EdgeStage;
let api: string;
/** The requests that tickets were asked for, and what tickets came with requests. */
let asked: (string | null)[] = [];
let brought: { requestId: unknown; ticket: unknown; headers: string[] }[] = [];
/** How the router answers, one after the other; then it answers. */
let refusals: string[] = [];

const post = (headers: Record<string, string> = {}) =>
  fetch(`${api}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key.raw}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: model.id, messages: [{ role: 'user', content: 'Hi' }] }),
  });
const ticketOf = (requestId: string | null, turn: number) => (requestId === null ? null : `${STUB}-${turn}~near_a`);
const good = ({ requestId }: { requestId: string | null }) => {
  asked.push(requestId);
  return makeWord({ ticket: ticketOf(requestId, asked.filter((id) => id !== null).length) });
};

beforeAll(async () => {
  stage = await EdgeStage.open([model]);
  stage.answer = ({ headers, response }) => {
    brought.push({
      requestId: headers['x-request-id'],
      ticket: headers[TICKET_HEADER],
      headers: Object.keys(headers),
    });
    const code = refusals.shift();
    if (code === undefined) response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    else if (code === 'break') response.destroy();
    else response.writeHead(503, { 'content-type': DISPATCH_ERROR_TYPE }).end(JSON.stringify({ code, message: 'No.' }));
  };
  ({ api } = await stage.start(gateway));
});
beforeEach(() => {
  [asked, brought, refusals] = [[], [], []];
  stage.know(key.digest, good);
});
afterAll(() => stage.close());

test('a request goes to the router with the ticket that was given for it, and says nothing of team or key itself', async () => {
  const response = await post({ [TICKET_HEADER]: 'a-ticket-of-the-caller', 'x-orgn-team': 'team_rich' });
  expect(response.status).toBe(200);
  const requestId = response.headers.get('x-request-id');
  expect(brought).toEqual([expect.objectContaining({ requestId, ticket: `${STUB}-1~near_a` })]);
  expect(brought[0]?.headers).not.toEqual(expect.arrayContaining([expect.stringMatching(/^x-orgn-(team|key)$/)]));
  expect(asked.filter((id) => id !== null)).toEqual([requestId]);
});

test('a ticket that grew too old on the way is asked for anew, once', async () => {
  refusals = ['admission_expired'];
  expect((await post()).status).toBe(200);
  expect(brought.map(({ ticket }) => ticket)).toEqual([`${STUB}-1~near_a`, `${STUB}-2~near_a`]);
  expect(brought[1]?.requestId).toBe(brought[0]?.requestId);
  [brought, refusals] = [[], ['admission_expired', 'admission_expired']];
  const response = await post();
  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { code: 'admission_expired' } });
  expect(brought).toHaveLength(2);
});

test('a key that was revoked meanwhile gets no second ticket', async () => {
  refusals = ['admission_expired'];
  stage.know(key.digest, (question) =>
    brought.length > 0 ? new ServiceError('key_revoked', 'Revoked.') : good(question),
  );
  const response = await post();
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ error: { code: 'key_revoked' } });
  expect(brought).toHaveLength(1);
});

test('a ticket that no router takes is not tried again: the caller is told to', async () => {
  refusals = ['admission_refused'];
  const response = await post();
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).not.toBeNull();
  expect(await response.json()).toMatchObject({ error: { code: 'admission_refused' } });
  expect(brought).toHaveLength(1);
});

test('a word of this gateway carries the ticket, without its list of models', async () => {
  const said: UsageEvent[] = [];
  const listening = stage.bus.connection.subscribe(usageRecordedByGateway.subject, {
    callback: (_error, message) => void said.push(...message.json<UsageEvent[]>()),
  });
  await stage.bus.connection.flush();
  refusals = ['break'];
  expect((await post()).status).toBe(503);
  await eventually(() => expect(said).toHaveLength(1));
  expect(said[0]?.data).toMatchObject({ ticket: `${STUB}-1`, instance: 'gateway-1', requestId: brought[0]?.requestId });
  listening.unsubscribe();
});
