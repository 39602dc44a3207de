import { ServiceError, type ErrorCode, type KeyState, type TeamStanding } from '@orgn/contracts';

type Refusal = [ErrorCode, string];

const refusals = {
  active: null,
  rotating: null,
  disabled: ['key_disabled', 'This API key is disabled. An owner or admin of its team can enable it again.'],
  suspended: [
    'key_owner_removed',
    'This API key is suspended because its owner has left the team. An owner or admin of the team can adopt it.',
  ],
  expired: ['key_expired', 'This API key has expired. Create a new one.'],
  revoked: ['key_revoked', 'This API key was revoked. Create a new one.'],
} satisfies Record<KeyState, Refusal | null>;

const teamSuspended: Refusal = ['team_suspended', 'The team of this API key is suspended. Ask the operator why.'];

/** Why a key in this state, of a team that stands so, is refused; null: it is accepted. Its own end is said first. */
export function refusalOf({ state, standing }: { state: KeyState; standing: TeamStanding }): ServiceError | null {
  const isOver = state === 'revoked' || state === 'expired';
  const refusal = !isOver && standing !== 'active' ? teamSuspended : refusals[state];
  return refusal && new ServiceError(refusal[0], refusal[1]);
}

/** The answer for a key that nobody registered. */
export function unknownKey(): ServiceError {
  return new ServiceError('invalid_api_key', 'This API key is not valid. Check that it was copied whole.');
}
