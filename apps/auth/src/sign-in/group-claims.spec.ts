import { expect, test } from '@jest/globals';
import { leavesGroupsOpen, operatorGroupsOf } from './group-claims.ts';

const of = (claim: string, claims: object) =>
  operatorGroupsOf(claims as Record<string, unknown>, { OIDC_GROUPS_CLAIM: claim, OPERATOR_GROUPS: ['ops', '/sre'] });

test.each([
  ['a list', 'groups', { groups: ['staff', 'ops'] }, ['ops']],
  ['one name', 'groups', { groups: '/sre' }, ['/sre']],
  ['a claim inside another', 'realm_access.roles', { realm_access: { roles: ['ops', '/sre'] } }, ['ops', '/sre']],
  ['a claim with dots in its name', 'https://a.example/groups', { 'https://a.example/groups': ['ops'] }, ['ops']],
])('groups are read from %s, and only the operators’ are kept', (_, claim, claims, expected) => {
  expect(of(claim, claims)).toEqual(expected);
});

test.each([
  ['another claim', 'groups', { roles: ['ops'] }],
  ['a name in which one occurs', 'groups', { groups: ['ops-readers', 'OPS'] }],
  ['a list inside the list', 'groups', { groups: [['ops']] }],
  ['a text of several', 'groups', { groups: 'staff ops' }],
  ['what every object has', 'constructor.name', {}],
  ['nothing', 'groups', { groups: null }],
])('%s makes nobody an operator', (_, claim, claims) => {
  expect(of(claim, claims)).toEqual([]);
});

test('userinfo is asked for groups where the ID token has none and somebody wants to know', () => {
  const open = (claims: object, groups: string[]) =>
    leavesGroupsOpen(claims as Record<string, unknown>, { OIDC_GROUPS_CLAIM: 'groups', OPERATOR_GROUPS: groups });
  expect([open({}, ['ops']), open({ groups: [] }, ['ops']), open({}, [])]).toEqual([true, false, false]);
});
