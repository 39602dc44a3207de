import { isWellFormedKey, ServiceError } from '@orgn/contracts';

/**
 * Takes the key out of an Authorization header, refusing by form alone what cannot be a key of ours: a wrong scheme,
 * prefix, length or checksum costs no look-up.
 * @throws ServiceError `missing_api_key` or `invalid_api_key`; never quotes what was sent
 */
export function keyFromHeader(authorization: string | undefined): string {
  if (!authorization) {
    throw new ServiceError(
      'missing_api_key',
      'No API key was sent. Send the header "Authorization: Bearer sk-ollm-…".',
    );
  }
  const [scheme, key, ...rest] = authorization.split(' ');
  if (scheme?.toLowerCase() === 'bearer' && key && rest.length === 0 && isWellFormedKey(key)) return key;
  throw invalidKey();
}

/** One message for every reason, so that nothing can be learned by guessing. */
export function invalidKey(): ServiceError {
  return new ServiceError(
    'invalid_api_key',
    'The API key is not valid. Check that the whole key was copied and that it belongs to this gateway.',
  );
}
