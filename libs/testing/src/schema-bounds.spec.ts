import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { schemasIn } from './schemas-in.ts';
import { unboundedIn } from './unbounded-schemas.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Where bytes of others are parsed: all of what is spoken, and the files of the services that read what their peers send. */
const files = globSync(
  [
    'libs/{dialects,console-api,contracts}/src/**/*.ts',
    'apps/auth/src/leaks/leak-report.ts',
    'apps/inference-router/src/answers/provider-words.ts',
    'apps/inference-router/src/exchange/dispatch-order.ts',
    'apps/inference-router/src/providers/vercel.provider.ts',
  ],
  { cwd: root, exclude: (name) => /\.spec\.ts$|(^|\/)(testing|node_modules)$/.test(name) },
).filter((file) => !file.includes('/testing/'));

describe('what bytes of others are parsed by', () => {
  test.each(files)('has a maximum on every list, record and text: %s', async (file) => {
    const module = (await import(resolve(root, file))) as object;
    const faults = schemasIn(module, file).flatMap(([path, schema]) =>
      unboundedIn(schema).map((at) => `${path}: ${at}`),
    );
    expect(faults).toEqual([]);
  });

  test('is exported where it parses, so that it is found here', () => {
    const hidden = files.flatMap((file) => {
      const source = readFileSync(resolve(root, file), 'utf8');
      const parsing = [...source.matchAll(/\b(\w+)\.(?:safeParse|parse)\(|\b(?:parseRequest|requestForm)\((\w+)/g)];
      const names = new Set(parsing.map(([, called, given]) => called ?? given));
      return [...names]
        .filter((name) => new RegExp(`^const ${String(name)}\\b`, 'm').test(source))
        .map((name) => `${file}: ${String(name)}`);
    });
    expect(hidden).toEqual([]);
  });

  test('is found: all forms of requests, all routes of the console, and all that is said on the bus', async () => {
    const counts = await Promise.all(
      ['dialects', 'console-api', 'contracts'].map(async (lib) => {
        const module = (await import(resolve(root, `libs/${lib}/src/index.ts`))) as object;
        return schemasIn(module, lib).length;
      }),
    );
    for (const count of counts) expect(count).toBeGreaterThan(7);
  });
});
