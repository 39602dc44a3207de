import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { mayDo, permissionTable, teamActions } from '@orgn/console-api';
import { permissionMatrix, shouldBeAbleTo } from '../testing/permission-matrix.ts';

const roles = ['owner', 'admin', 'member', 'viewer'] as const;

describe('the table of permissions', () => {
  test('is the one that was written down by hand, for every action', () => {
    expect(permissionTable).toEqual(Object.fromEntries(permissionMatrix));
    expect([...permissionMatrix.keys()]).toEqual([...teamActions]);
    expect(permissionMatrix.size * roles.length).toBe(104);
  });

  test.each(roles)('lets a person with the role %s do just that, to their own and to others’ things', (role) => {
    for (const action of teamActions) {
      for (const isOwn of [true, false]) {
        expect([action, isOwn, mayDo(role, action, isOwn)]).toEqual([
          action,
          isOwn,
          shouldBeAbleTo(role, action, isOwn),
        ]);
      }
    }
  });

  test('is in the documentation as it is', () => {
    const guide = readFileSync(join(import.meta.dirname, '../../../../docs/console-api.md'), 'utf8');
    const words: Record<string, string> = { yes: 'any', own: 'own', '-': 'none' };
    const listed = [...guide.matchAll(/^\| `(\w+\.\w+)` +\| (.*) \|$/gm)].map(([, action, cells = '']) => {
      const grants = cells.split('|').map((cell) => words[cell.trim()]);
      return [action, Object.fromEntries(roles.map((role, at) => [role, grants[at]]))];
    });
    expect(listed).toEqual([...permissionMatrix]);
  });
});
