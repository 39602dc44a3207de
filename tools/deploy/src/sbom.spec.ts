import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');

interface Bom {
  bomFormat: string;
  specVersion: string;
  components: { 'bom-ref': string; version: string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

test('npm run sbom lists what the image runs as CycloneDX, and nothing that only builds or tests it', () => {
  const { status, stdout } = spawnSync(process.execPath, [join(root, 'tools/sbom.mjs')], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(status).toBe(0);
  const bom = JSON.parse(stdout) as Bom;
  expect([bom.bomFormat, bom.specVersion]).toEqual(['CycloneDX', expect.stringMatching(/^1\./)]);
  const refs = new Set(bom.components.map((one) => one['bom-ref']));
  for (const workspace of ['apps/gateway', 'apps/auth', 'libs/database', 'tools/migrate']) {
    const { dependencies } = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    for (const [name, version] of Object.entries(dependencies)) expect(refs).toContain(`${name}@${version}`);
  }
  for (const ref of refs)
    expect(ref).not.toMatch(/^(@orgn\/(testing|stack|providers|id-orgn)|jest|eslint|typescript|oidc-provider)@/);
  for (const { dependsOn } of bom.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref);
}, 60_000);
