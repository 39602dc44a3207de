import { describe, expect, test } from '@jest/globals';
import { pageModules } from './page-modules.ts';
import { pages } from './pages.ts';
import { inTeam, paths } from './paths.ts';

describe('the table of pages', () => {
  test('names each page and each address once, and has its module', () => {
    expect(new Set(pages.map(({ name }) => name)).size).toBe(pages.length);
    expect(new Set(pages.map(({ path }) => path)).size).toBe(pages.length);
    expect(Object.keys(pageModules).sort()).toEqual(pages.map(({ name }) => name).sort());
  });

  test('says of each page of a team what a role must grant', () => {
    const open = pages.filter((page) => page.path.includes(':teamId') && !('action' in page));
    expect(open).toEqual([]);
    const ofOperators = pages.filter(({ path }) => path.startsWith('/operator'));
    expect(ofOperators.filter((page) => !('isOperator' in page))).toEqual([]);
  });
});

test('an address is what its page is reached by, whatever the ids hold', () => {
  expect(paths.key({ teamId: 'team_demo', keyId: 'key_1' })).toBe('/teams/team_demo/keys/key_1');
  expect(paths.audit({ teamId: 'team_demo' }, 'key_1')).toBe('/teams/team_demo/audit?object=key_1');
  expect(paths.keys({ teamId: 'a/b' })).toBe('/teams/a%2Fb/keys');
});

test('another team is shown on the same page, without what names something of the old one', () => {
  expect(inTeam('/teams/team_a/keys/key_1/rotation', 'team_b')).toBe('/teams/team_b/keys');
  expect(inTeam('/teams/team_a/audit', 'team_b')).toBe('/teams/team_b/audit');
  expect(inTeam('/profile', 'team_b')).toBe('/teams/team_b/start');
});
