import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Module } from '@nestjs/common';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { findReceipt, isReceiptDue, readReceipt, type RequestId, type Service, type TeamId } from '@orgn/contracts';
import { connectTestBus, startNats, testEnvironment, type TestNats } from '@orgn/testing';
import { Answers } from '../bus/answers.decorator.ts';
import type { Bus } from '../bus/bus.ts';
import { baseConfig, configClass } from '../config/base-config.ts';
import { startService } from '../service/run-service.ts';
import { stopService } from '../service/stop-service.ts';
import { findReceiptAnywhere } from './find-receipt-anywhere.ts';

const asked = {
  teamId: 'team_demo' as TeamId,
  requestId: '01890a5d-ac96-774b-bcce-b302099a8057' as RequestId,
  form: 'receipt' as const,
};
let isDue = true;
let looks: ('late' | 'absent' | 'due' | 'there')[] = [];

@Controller()
class RouterController {
  @Answers(readReceipt)
  read() {
    return { isThere: false, receipt: null, bundle: null, signature: null };
  }

  @Answers(findReceipt)
  async find() {
    const state = looks.shift() ?? 'absent';
    // Longer than a survey waits, as a router that gets no processor.
    if (state === 'late') await sleep(findReceipt.windowMs + 200);
    return { state: state === 'late' ? 'there' : state, receipt: state === 'there' ? '{}' : null, bundle: null };
  }
}
@Controller()
class MeteringController {
  @Answers(isReceiptDue)
  isDue() {
    return { isDue };
  }
}
@Module({ controllers: [RouterController] })
class RouterModule {}
@Module({ controllers: [MeteringController] })
class MeteringModule {}
class Config extends configClass(baseConfig) {}

let nats: TestNats;
let bus: Bus;
let running: Awaited<ReturnType<typeof startService>>[] = [];
const start = async (name: Service, module: new () => object) =>
  running.push(
    await startService({ name, module, config: Config }, await testEnvironment({ instance: `${name}-1`, nats })),
  );

beforeAll(async () => {
  nats = await startNats([readReceipt, findReceipt, isReceiptDue]);
  bus = await connectTestBus(nats);
  await start('inference-router', RouterModule);
  await start('usage-metering', MeteringModule);
});
beforeEach(() => {
  isDue = true;
  looks = [];
});
afterAll(async () => {
  for (const service of running) await stopService(service);
  running = [];
  await bus.connection.close();
  await nats.stop();
});

test('a receipt that was due is not called lost while its router is only late', async () => {
  looks = ['late', 'late', 'there'];
  expect(await findReceiptAnywhere(bus, asked)).toEqual({ state: 'there', receipt: '{}', bundle: null });
});

test('a receipt that is still being made is due, however late the first word of it', async () => {
  looks = ['late', 'due'];
  expect(await findReceiptAnywhere(bus, asked)).toMatchObject({ state: 'due' });
});

test('a receipt that was due, and that no router has, is lost', async () => {
  expect(await findReceiptAnywhere(bus, asked)).toMatchObject({ state: 'lost', receipt: null });
});

test('a receipt that was not to be made is absent, and not waited for', async () => {
  isDue = false;
  looks = ['absent', 'there'];
  expect(await findReceiptAnywhere(bus, asked, { rowMs: 0 })).toMatchObject({ state: 'absent' });
});
