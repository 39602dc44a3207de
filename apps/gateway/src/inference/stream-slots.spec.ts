import { expect, test } from '@jest/globals';
import { ServiceError, type KeyId } from '@orgn/contracts';
import type { GatewayConfig } from '../config.ts';
import type { Departure } from '../running/departure.ts';
import { StreamSlots } from './stream-slots.ts';

const KEY = `key_${'1'.repeat(32)}` as KeyId;

test('a key has as many streams as it may, and none is begun while the gateway leaves', () => {
  const leaving = new ServiceError('service_unavailable', 'The gateway is being restarted.');
  let isLeaving = false;
  const requireStreams = () => {
    if (isLeaving) throw leaving;
  };
  const slots = new StreamSlots({ MAX_STREAMS_PER_KEY: 1 } as GatewayConfig, { requireStreams } as Departure);
  const free = slots.take(KEY);
  expect(() => slots.take(KEY)).toThrow('refused');
  free();
  isLeaving = true;
  expect(() => slots.take(KEY)).toThrow(leaving);
  isLeaving = false;
  // What was refused has taken no place.
  slots.take(KEY)();
});
