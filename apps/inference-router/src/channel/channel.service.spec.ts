import { expect, test } from '@jest/globals';
import type { AdmissionClock } from '../admission/admission-clock.ts';
import type { CatalogueService } from '../catalogue/catalogue.service.ts';
import type { RouterConfig } from '../config.ts';
import type { ProvidersService } from '../providers/providers.service.ts';
import { ChannelService } from './channel.service.ts';

const makeChannel = (clock: { nowMs: number | undefined } = { nowMs: 1 }) =>
  new ChannelService(
    { INSTANCE: 'inference-router-1', ADVERTISED_URL: 'tcp://127.0.0.1:1' } as RouterConfig,
    { version: 'v' } as CatalogueService,
    { health: () => ({ near: 'ok' }) } as unknown as ProvidersService,
    clock as AdmissionClock,
  );

test('a router says where it is, what it runs and who answers, and nothing while it can judge no ticket', () => {
  expect(makeChannel().announce()).toEqual({
    router: 'inference-router-1',
    url: 'tcp://127.0.0.1:1',
    catalogueVersion: 'v',
    providers: { near: 'ok' },
  });
  expect(() => makeChannel({ nowMs: undefined }).announce()).toThrow('Nothing can be admitted yet.');
});
