import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FrameBatch } from './frames/frame-batch.ts';
import { frameTypes } from './frames/frame-types.ts';
import { versions, writeGreeting } from './frames/greeting.ts';
import { writeAnswerHead, writeRequestHead, writeTrailers } from './frames/heads.ts';
import { GatewayConnection } from './gateway/gateway-connection.ts';
import { writeCredit } from './link/credit.ts';
import { RouterConnection } from './router/router-connection.ts';
import type { TakenRequest } from './router/taken-request.ts';
import { makePair, turns } from './testing/pair.ts';
import { makeReceiver } from './testing/told.ts';
import { makeWire } from './testing/wire.ts';

const greeting = { ...versions, credit: 1_000, requests: 2, name: 'hostile' };
const frames = (write: (batch: FrameBatch) => void) => {
  const batch = new FrameBatch();
  write(batch);
  return batch.take();
};
const hello = frames((batch) => batch.add('greeting', 0, writeGreeting(greeting)));
const head = (bodyBytes: number) => writeRequestHead({ path: '/v1/x', headers: {}, bodyBytes });
const answer = writeAnswerHead({ status: 200, headers: {} });
const trailers = writeTrailers({});
const ask = (number: number, bodyBytes = 10) => frames((batch) => batch.add('request', number, head(bodyBytes)));
const frame = (...args: Parameters<FrameBatch['add']>) => frames((batch) => batch.add(...args));
const rawHead = (length: number, code: number, number: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUIntBE(length, 0, 3);
  bytes.writeUInt8(code, 3);
  bytes.writeUInt32BE(number, 4);
  return bytes;
};

/** What a router makes of a gateway that says this: why it ended the connection, and what became of requests. */
async function atRouter(said: Buffer[], take: (request: TakenRequest) => void = () => undefined) {
  const wire = makeWire();
  let code: string | undefined;
  const taken: TakenRequest[] = [];
  const router = new RouterConnection(
    wire.router,
    {
      name: 'router-1',
      greeting: { credit: 100, requests: 2 },
      take: (request) => {
        taken.push(request);
        take(request);
      },
    },
    (error) => (code = error.code),
  );
  for (const bytes of said) wire.gateway.write(bytes);
  await turns();
  const result = { code, taken: taken.length, open: router.openRequests };
  router.close();
  return result;
}

/** What a gateway makes of a router that says this to its two requests. */
async function atGateway(said: Buffer[], greets = hello) {
  const wire = makeWire();
  let code: string | undefined;
  const gateway = new GatewayConnection(
    wire.gateway,
    { name: 'gateway-1', greeting: { credit: 100 } },
    { ready: () => undefined, draining: () => undefined, closed: (error) => (code = error.code) },
  );
  wire.router.write(greets);
  await turns();
  const told = [1, 2].map(() => {
    const { told: one, receiver } = makeReceiver();
    if (gateway.load < 1) gateway.post({ path: '/v1/x', headers: {}, body: Buffer.from('ten bytes.') }, receiver);
    return one;
  });
  for (const bytes of said) wire.router.write(bytes);
  await turns();
  const result = { code, ends: told.map(({ ends }) => ends) };
  gateway.close();
  return result;
}

describe('a router ends the connection of a gateway', () => {
  test.each([
    ['that does not greet', [ask(1)], 'out_of_order'],
    ['that speaks something else', [Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')], 'too_large'],
    ['that greets twice', [hello, hello], 'out_of_order'],
    [
      'that greets in no version of ours',
      [frame('greeting', 0, writeGreeting({ ...greeting, oldest: 9, newest: 9 }))],
      'version',
    ],
    ['whose frame is too large', [hello, rawHead(70_000, 2, 1)], 'too_large'],
    ['whose frame has no type', [hello, rawHead(0, 200, 1)], 'unknown_frame'],
    ['that answers', [hello, ask(1), frame('answer', 1, answer)], 'out_of_order'],
    ['that numbers two requests the same', [hello, ask(1), ask(1)], 'out_of_order'],
    ['that counts backwards', [hello, ask(2), ask(1)], 'out_of_order'],
    ['that has more requests than were agreed on', [hello, ask(1), ask(2), ask(3)], 'too_large'],
    ['whose request cannot be read', [hello, frame('request', 1, Buffer.from('x'))], 'malformed'],
    ['that sends the body of no request', [hello, frame('body', 1, Buffer.from('x'))], 'out_of_order'],
    ['that cancels what was never there', [hello, frame('cancel', 1)], 'out_of_order'],
    ['that sends an empty piece of a body', [hello, ask(1), frame('body', 1)], 'malformed'],
    ['that sends a body without credit', [hello, ask(1, 200), frame('body', 1, Buffer.alloc(101))], 'credit'],
    ['whose body is longer than it said', [hello, ask(1, 9), frame('body', 1, Buffer.alloc(10))], 'too_large'],
    ['that gives no credit', [hello, ask(1), frame('credit', 1, writeCredit(0))], 'credit'],
    ['that gives more credit than can be', [hello, ask(1), frame('credit', 1, writeCredit(0x7fff_ffff))], 'credit'],
    ['whose credit cannot be read', [hello, ask(1), frame('credit', 1, Buffer.alloc(3))], 'malformed'],
    ['that hangs up', [hello, ask(1), 'hang up'], 'lost'],
  ] as const)('%s', async (_, said, code) => {
    const bytes = said.flatMap((one) => (typeof one === 'string' ? [] : [one]));
    if (bytes.length === said.length) {
      expect(await atRouter([...bytes])).toMatchObject({ code, open: 0 });
      return;
    }
    const wire = makeWire();
    let ended: string | undefined;
    const router = new RouterConnection(
      wire.router,
      { name: 'r', take: () => undefined },
      (error) => (ended = error.code),
    );
    for (const one of bytes) wire.gateway.write(one);
    wire.gateway.end();
    await turns();
    expect([ended, router.openRequests]).toEqual([code, 0]);
  });

  test('not for what was on its way when a request ended', async () => {
    const late = [frame('body', 1, Buffer.alloc(5)), frame('credit', 1, writeCredit(10)), frame('cancel', 1)];
    const { code, taken } = await atRouter([hello, ask(1), ...late, ask(2)], (request) => request.refuse());
    expect([code, taken]).toEqual([undefined, 2]);
  });

  test('that says nothing at all, in time', async () => {
    const wire = makeWire();
    const ended = new Promise<string>((resolve) => {
      new RouterConnection(wire.router, { name: 'r', take: () => undefined, beatMs: 20 }, (error) =>
        resolve(error.code),
      );
    });
    expect(await ended).toBe('silent');
  });

  test('that asks and does not read', async () => {
    const wire = makeWire();
    wire.block('router', true);
    let ended: string | undefined;
    new RouterConnection(
      wire.router,
      { name: 'r', take: (request) => request.refuse() },
      (error) => (ended = error.code),
    );
    wire.gateway.write(hello);
    for (let number = 1; number < 600_000 && ended === undefined; number += 2_000) {
      const many = (batch: FrameBatch) => {
        for (let more = 0; more < 2_000; more += 1) batch.add('request', number + more, head(0));
      };
      wire.gateway.write(frames(many));
      await turns(1);
    }
    expect(ended).toBe('unread');
  });
});

describe('a gateway ends the connection to a router', () => {
  test.each([
    ['that asks', [ask(1)], 'out_of_order'],
    ['that greets twice', [hello], 'out_of_order'],
    ['that answers twice', [frame('answer', 1, answer), frame('answer', 1, answer)], 'out_of_order'],
    ['that sends data before its answer', [frame('data', 1, Buffer.from('x'))], 'out_of_order'],
    ['that ends what has not begun', [frame('end', 1, trailers)], 'out_of_order'],
    ['that refuses what has begun', [frame('answer', 1, answer), frame('refused', 1)], 'out_of_order'],
    ['that speaks of what was never asked', [frame('answer', 3, answer)], 'out_of_order'],
    [
      'that goes on behind the end',
      [frame('answer', 1, answer), frame('end', 1, trailers), frame('cancel', 1)],
      'out_of_order',
    ],
    ['that sends an empty piece', [frame('answer', 1, answer), frame('data', 1)], 'malformed'],
    ['that sends data without credit', [frame('answer', 1, answer), frame('data', 1, Buffer.alloc(101))], 'credit'],
    ['that gives more credit than can be', [frame('credit', 1, writeCredit(0x7fff_ffff))], 'credit'],
    ['whose answer cannot be read', [frame('answer', 1, Buffer.from('x'))], 'malformed'],
    ['whose trailers cannot be read', [frame('answer', 1, answer), frame('end', 1, Buffer.from('xy'))], 'malformed'],
    ['whose frame is too large', [rawHead(0xff_ffff, frameTypes.data.code, 1)], 'too_large'],
  ])('%s, and its requests are told once', async (_, said, code) => {
    const { code: ended, ends } = await atGateway(said);
    expect([ended, ends]).toEqual([code, [1, 1]]);
  });

  test('that speaks no version of ours, with words', async () => {
    const wire = makeWire();
    const words: string[] = [];
    const old = {
      ready: () => undefined,
      draining: () => undefined,
      closed: (error: Error) => void words.push(error.message),
    };
    new GatewayConnection(wire.gateway, { name: 'g', greeting: { oldest: 2, newest: 3 } }, old);
    new RouterConnection(wire.router, { name: 'r', take: () => undefined }, (error) => void words.push(error.message));
    await delay(10);
    expect(words).toHaveLength(2);
    expect(words.join()).toContain('speaks versions 2 to 3, the other 1 to 1.');
  });
});

test('a fault on one connection touches no other', async () => {
  const take = (request: TakenRequest) => {
    request.begin(200, {});
    request.end(Buffer.from('whole'));
  };
  const [good, bad] = [await makePair({ take }), await makePair({ take })];
  const { told, receiver } = makeReceiver();
  bad.wire.gateway.write(rawHead(0, 200, 1));
  good.gateway.post({ path: '/v1/x', headers: {}, body: Buffer.alloc(0) }, receiver);
  await turns();
  expect(bad.ends.router?.code).toBe('unknown_frame');
  expect([told.bytes.toString(), told.ends, good.ends]).toEqual(['whole', 1, {}]);
  good.gateway.close();
});

test('a receiver that throws loses its own answer only', async () => {
  const pair = await makePair({
    take: (request) => {
      request.begin(200, {});
      request.end(Buffer.from('x'));
    },
  });
  const broken = makeReceiver(() => {
    throw new Error('of the receiver');
  });
  const { told, receiver } = makeReceiver();
  for (const each of [broken.receiver, receiver]) {
    pair.gateway.post({ path: '/v1/x', headers: {}, body: Buffer.alloc(0) }, each);
  }
  await turns();
  expect([broken.told.ends, broken.told.error?.message]).toEqual([1, 'of the receiver']);
  expect([told.ends, told.bytes.toString(), pair.ends]).toEqual([1, 'x', {}]);
  expect([pair.gateway.openRequests, pair.router.openRequests]).toEqual([0, 0]);
  pair.gateway.close();
});
