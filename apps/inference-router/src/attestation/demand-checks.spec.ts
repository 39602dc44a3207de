import { expect, test } from '@jest/globals';
import { tcbStatuses } from '@orgn/attestation';
import { patchLevels } from '@orgn/contracts';

test('what may be demanded of a processor are Intel’s own words for its patches, in their order, and not that it was revoked', () => {
  expect([...patchLevels, 'Revoked']).toEqual([...tcbStatuses]);
});
