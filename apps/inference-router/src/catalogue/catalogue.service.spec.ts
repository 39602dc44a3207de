import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { ConfigError, type Bus, type ServiceLog } from '@orgn/service-kit';
import type { RouterConfig } from '../config.ts';
import type { ProvidersService } from '../providers/providers.service.ts';
import { CatalogueService } from './catalogue.service.ts';

const folder = mkdtempSync(join(tmpdir(), 'orgn-catalogue-'));
afterAll(() => rmSync(folder, { recursive: true }));

const startWith = (file: string) => () =>
  new CatalogueService(
    { MODELS_FILE: join(folder, file) } as RouterConfig,
    {} as ProvidersService,
    {} as Bus,
    {} as ServiceLog,
  );

describe('a router that starts', () => {
  test('with a models file that is not valid says every fault with its line', () => {
    writeFileSync(join(folder, 'bad.yaml'), '- id: near_a\n  provider: nobody\n  context: "10"\n');
    expect(startWith('bad.yaml')).toThrow(ConfigError);
    expect(startWith('bad.yaml')).toThrow(/MODELS_FILE line 2: 0\.provider[^]*MODELS_FILE line 3: 0\.context/);
  });

  test('without a models file says so', () => {
    expect(startWith('missing.yaml')).toThrow('MODELS_FILE cannot be read');
  });
});
