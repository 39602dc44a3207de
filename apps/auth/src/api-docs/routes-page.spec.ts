import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { consoleRoutes, permissionTable, type ConsoleRoute, type Grant } from '@orgn/console-api';
import { table } from '@orgn/dialects';

const file = join(import.meta.dirname, '../../../../docs/console-api.md');
const words: Record<Grant, string> = { any: 'yes', own: 'own', none: '-' };

const roles = () =>
  table([
    ['action', 'owner', 'admin', 'member', 'viewer'],
    ...Object.entries(permissionTable).map(([action, { owner, admin, member, viewer }]) => [
      `\`${action}\``,
      ...[owner, admin, member, viewer].map((grant) => words[grant]),
    ]),
  ]);

const anybody = ({ who }: ConsoleRoute['access']) => (who === 'public' ? '-' : 'signed in');

function whoMay({ access }: ConsoleRoute): string {
  const who = access.action ? `\`${access.action}\`` : access.isOperator ? 'operators' : anybody(access);
  return access.isStepUp ? `${who}, recent sign-in` : who;
}

const routes = () =>
  table([
    ['route', 'what', 'who'],
    ...consoleRoutes.map((route) => [`\`${route.method} ${route.path}\``, route.summary, whoMay(route)]),
  ]);

/** A table of the guide, written anew. */
const replaced = (guide: string, head: string, made: string) =>
  guide.replace(new RegExp(`^\\| ${head} .*\\n(\\|.*\\n)+`, 'm'), () => made);

describe('docs/console-api.md', () => {
  test('lists roles and routes as they are; UPDATE_DOCS=1 writes them', () => {
    const before = readFileSync(file, 'utf8');
    const after = replaced(replaced(before, 'action', roles()), 'route', routes());
    if (process.env.UPDATE_DOCS === '1') writeFileSync(file, after);
    expect(readFileSync(file, 'utf8')).toBe(after);
  });
});
