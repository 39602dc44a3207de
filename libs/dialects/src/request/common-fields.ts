import { engineRefusals } from './engine-fields.ts';
import { callerFields, clientHints, gatewayFields } from './gateway-fields.ts';
import { retentionFields, routingFields } from './refused-field.ts';

/** What requests of every endpoint that providers have too may carry besides their own members, and what none may. */
export const commonFields = {
  ...engineRefusals,
  ...clientHints,
  ...callerFields,
  ...gatewayFields,
  ...retentionFields,
  ...routingFields,
};
