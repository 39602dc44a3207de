import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { baseConfig, configClass } from '@orgn/service-kit';
import { format, resolveConfig } from 'prettier';
import { AuthConfig } from '../../../apps/auth/src/config.ts';
import { GatewayConfig } from '../../../apps/gateway/src/config.ts';
import { RouterConfig } from '../../../apps/inference-router/src/config.ts';
import { KeyRegistryConfig } from '../../../apps/key-registry/src/config.ts';
import { UsageMeteringConfig } from '../../../apps/usage-metering/src/config.ts';
import { MigrateConfig } from '../../migrate/src/config.ts';
import { DeploymentConfig } from '../../migrate/src/deployment/deployment-config.ts';
import { OperatorConfig } from '../../operator/src/connection/operator-config.ts';
import { toPage, type Section } from './configuration/configuration-page.ts';
import { surroundings, toolVariables } from './configuration/other-variables.ts';

const root = join(import.meta.dirname, '../../..');
const page = join(root, 'docs/configuration.md');
const common = configClass(baseConfig);
const section = (title: string, file: string, config: Section['config']): Section => ({ title, file, config });
const sections = [
  section('Every service', 'libs/service-kit/src/config/base-config.ts', common),
  section('gateway', 'apps/gateway/src/config.ts', GatewayConfig),
  section('auth', 'apps/auth/src/config.ts', AuthConfig),
  section('key-registry', 'apps/key-registry/src/config.ts', KeyRegistryConfig),
  section('inference-router', 'apps/inference-router/src/config.ts', RouterConfig),
  section('usage-metering', 'apps/usage-metering/src/config.ts', UsageMeteringConfig),
  section('The migrate job', 'tools/migrate/src/config.ts', MigrateConfig),
  section('Backup and restore', 'tools/migrate/src/deployment/deployment-config.ts', DeploymentConfig),
  section('Operator commands', 'tools/operator/src/connection/operator-config.ts', OperatorConfig),
];

/** Text of every program that may read the environment. */
function sources(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter(
        ({ name, parentPath }) =>
          /\.(ts|mjs)$/.test(name) && !/node_modules|\/dist\b|testing|programs/.test(parentPath),
      )
      .filter(({ name }) => !name.includes('.spec.'))
      .map(({ name, parentPath }) => readFileSync(join(parentPath, name), 'utf8')),
  );
}

describe('docs/configuration.md', () => {
  test('lists every variable as the code has it; UPDATE_DOCS=1 writes it', async () => {
    const options = { ...(await resolveConfig(page)), filepath: page };
    const wanted = await format(toPage(root, common, sections), options);
    if (process.env.UPDATE_DOCS) writeFileSync(page, wanted);
    expect(readFileSync(page, 'utf8')).toBe(wanted);
  });

  test('says of each setting what it is', () => {
    const rows = toPage(root, common, sections)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((line) => line.endsWith('|  |'))).toEqual([]);
  });

  test('leaves out nothing that a tool or a test reads by itself', () => {
    const read = sources('tools', 'e2e', 'libs/testing').flatMap((text) =>
      [...text.matchAll(/process\.env\.([A-Z][A-Z0-9_]+)/g)].map(([, name]) => name!),
    );
    const known = [
      ...Object.keys(toolVariables),
      ...surroundings,
      ...sections.flatMap(({ config }) => Object.keys(config.schema.shape)),
    ];
    expect([...new Set(read)].filter((name) => !known.includes(name))).toEqual([]);
  });
});
