import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Linger } from './linger.ts';

test('what is thrown away gives its memory back at once, unless others share it', async () => {
  const linger = new Linger();
  const socket = new PassThrough();
  const request = Object.assign(new PassThrough(), { socket, complete: false });
  linger.over(request as unknown as IncomingMessage, '192.0.2.1');
  const own = Buffer.from(new ArrayBuffer(65_536));
  const shared = Buffer.from(new ArrayBuffer(100), 10, 20);
  request.write(own);
  request.write(shared);
  await turn();
  expect([own.length, shared.length]).toEqual([0, 20]);
  linger.onApplicationShutdown();
});
