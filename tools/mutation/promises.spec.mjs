import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { mutantsOf } from './mutants.mjs';
import { promises } from './promises.mjs';
import { asRow, explainedIn } from './survivors.mjs';

const root = join(import.meta.dirname, '../..');

describe('the promises', () => {
  it.each(promises.map((promise) => [promise.promise, promise]))(
    '%s: its files exist, its tests are there',
    (_, promise) => {
      expect(promise.files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
      for (const { project, specs } of promise.tests) {
        const paths = readdirSync(join(root, project, 'src'), { recursive: true }).map((path) => join('src', path));
        expect(paths.filter((path) => path.endsWith('.spec.ts') && new RegExp(specs).test(path))).not.toEqual([]);
      }
    },
  );

  it('have more than 200 mutants, each of a name of its own', () => {
    const ids = mutantsOf(promises, root).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(200);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('have no survivor explained whose code is gone', () => {
    const known = new Set(mutantsOf(promises, root).map(({ id }) => id));
    const explained = explainedIn(join(root, 'docs', 'mutants.md'));
    expect([...explained.keys()].filter((id) => !known.has(id))).toEqual([]);
    expect([...explained.values()].filter((reason) => reason === '?')).toEqual([]);
  });

  it('name a survivor in a row that is read back once it has its reason', () => {
    const [mutant] = mutantsOf(promises, root);
    expect(asRow(mutant)).toContain(`| \`${mutant.id}\` | ${relative('.', mutant.file)}:${mutant.line} |`);
  });
});
