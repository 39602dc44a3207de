import { ServiceError, type ErrorCode, type KeyState } from '@orgn/contracts';

const refusals = {
  active: null,
  rotating: null,
  disabled: ['key_disabled', 'This API key is disabled. An owner or admin of its team can enable it again.'],
  expired: ['key_expired', 'This API key has expired. Create a new one.'],
  revoked: ['key_revoked', 'This API key was revoked. Create a new one.'],
} satisfies Record<KeyState, [ErrorCode, string] | null>;

/** Why a key in this state is refused; null: it is accepted. */
export function refusalOf(state: KeyState): ServiceError | null {
  const refusal = refusals[state];
  return refusal && new ServiceError(refusal[0], refusal[1]);
}

/** The answer for a key that nobody registered. */
export function unknownKey(): ServiceError {
  return new ServiceError('invalid_api_key', 'This API key is not valid. Check that it was copied whole.');
}
