import { requirements, strictPolicy, type AttestationPolicy } from '@orgn/attestation';

const { approved: _, ...others } = requirements;

/**
 * What is demanded of a receipt where whoever verifies demands nothing else: everything but a list of approved software, which only
 * they can have, and that the connection ended in the attested key while the verification was young.
 */
export const defaultDemands: AttestationPolicy = {
  ...strictPolicy,
  require: [...Object.values(others).flat(), 'key_attested', 'session_fresh'],
};
