import type { AuthConfig } from '../config.ts';
import type { Claims } from './identity-claims.ts';

type GroupSettings = Pick<AuthConfig, 'OIDC_GROUPS_CLAIM' | 'OPERATOR_GROUPS'>;

/** The operators' groups that claims say their person is in. Nothing is kept of any other group. */
export function operatorGroupsOf(claims: Claims, settings: GroupSettings): string[] {
  const said = groupsIn(claims, settings.OIDC_GROUPS_CLAIM);
  const groups = new Set(Array.isArray(said) ? said : [said]);
  return settings.OPERATOR_GROUPS.filter((group) => groups.has(group));
}

/** Whether an ID token leaves open which groups its person is in, and somebody wants to know. */
export function leavesGroupsOpen(claims: Claims, settings: GroupSettings): boolean {
  return settings.OPERATOR_GROUPS.length > 0 && groupsIn(claims, settings.OIDC_GROUPS_CLAIM) === undefined;
}

/** The claim of this very name, which may be an address with dots in it; else the one inside another that the dots lead to. */
function groupsIn(claims: Claims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>((part, key) => (isClaims(part) && Object.hasOwn(part, key) ? part[key] : undefined), claims);
}

function isClaims(value: unknown): value is Claims {
  return typeof value === 'object' && value !== null;
}
