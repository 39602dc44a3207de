import type { AuthConfig } from '../config.ts';
import type { SessionEntity } from './session.entity.ts';

/**
 * Whether whoever is signed in operates this deployment, by the settings of now: who is taken off a list is no operator at
 * their next call. Groups are those of the sign-in; only sessions of this deployment's issuer live, so `sub` is its word.
 */
export function isOperator(
  { sub, operatorGroups }: Pick<SessionEntity, 'sub' | 'operatorGroups'>,
  { OPERATORS: subs, OPERATOR_GROUPS: groups }: Pick<AuthConfig, 'OPERATORS' | 'OPERATOR_GROUPS'>,
): boolean {
  return subs.includes(sub) || operatorGroups.some((group) => groups.includes(group));
}
