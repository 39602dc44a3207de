import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import ts from 'typescript-eslint';
import { oneWayFolders } from './one-way-folders.mjs';

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'folders-'))));
afterEach(async () => rm(root, { recursive: true }));

/** Writes one project and lints it with this rule alone: "file:line message" of each finding. */
async function lint(files: Record<string, string>): Promise<string[]> {
  const src = join(root, 'apps/shop/src');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(src, name)), { recursive: true });
    await writeFile(join(src, name), text);
  }
  const eslint = new ESLint({
    cwd: root,
    overrideConfigFile: true,
    overrideConfig: {
      files: ['**/*.ts'],
      languageOptions: { parser: ts.parser },
      plugins: { orgn: { rules: { 'one-way-folders': oneWayFolders } } },
      rules: { 'orgn/one-way-folders': 'error' },
    },
  });
  const results = await eslint.lintFiles(['apps']);
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ line, message }) => `${filePath.slice(src.length + 1)}:${line} ${message}`),
  );
}

const down = { 'edge/gate.ts': `import { order } from '../orders/order.ts';\nexport const gate = order;\n` };
const order = 'export const order = 1;\n';

describe('orgn/one-way-folders', () => {
  test('lets folders import in one direction', async () => {
    expect(await lint({ ...down, 'orders/order.ts': order })).toEqual([]);
  });

  test('names both imports of two folders that import each other', async () => {
    const found = await lint({
      ...down,
      'orders/order.ts': order,
      'orders/receipt.ts': `\nexport { gate } from '../edge/gate.ts';\n`,
    });
    expect(found).toEqual([
      expect.stringMatching(/^edge\/gate\.ts:1 Folders import each other: edge → orders → edge\./),
      expect.stringMatching(/^orders\/receipt\.ts:2 Folders import each other: orders → edge → orders\./),
    ]);
  });

  test('finds a circle through others, and leaves alone what only leads into it', async () => {
    const found = await lint({
      'start/start.ts': `import '../edge/gate.ts';\n`,
      ...down,
      'orders/order.ts': `import type { Price } from '../prices/price.ts';\nexport const order: Price = 1;\n`,
      'prices/price.ts': 'export type Price = number;\n',
      'prices/deep/offer.ts': `export const later = () => import('../../edge/gate.ts');\n`,
    });
    expect(found.map((line) => line.split(' Move')[0])).toEqual([
      'edge/gate.ts:1 Folders import each other: edge → orders → prices → edge.',
      'orders/order.ts:1 Folders import each other: orders → prices → edge → orders.',
      'prices/deep/offer.ts:1 Folders import each other: prices → edge → orders → prices.',
    ]);
  });

  test('counts a type that is imported where it is used', async () => {
    const found = await lint({
      ...down,
      'orders/order.ts': `export const order: import('../edge/gate.ts').Gate = 1;\n`,
    });
    expect(found).toHaveLength(2);
  });

  test('lets specs, testing folders, make.ts and files right in src look anywhere', async () => {
    const up = `import '../edge/gate.ts';\n`;
    const found = await lint({
      ...down,
      'orders/order.ts': order,
      'orders/order.spec.ts': up,
      'orders/make.ts': up,
      'orders/testing/shop.ts': `import '../../edge/gate.ts';\n`,
      'main.ts': `import './edge/gate.ts';\nimport './orders/order.ts';\n`,
      'orders/read.ts': `import '../main.ts';\n`,
    });
    expect(found).toEqual([]);
  });
});
