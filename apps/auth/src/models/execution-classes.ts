import type { ExecutionClass } from '@orgn/console-api';
import type { Execution } from '@orgn/contracts';

/** What each class of execution promises, by whom, and what it does not. Said here once, for pages and for programs. */
export const executionClasses: Readonly<Record<Execution, ExecutionClass>> = {
  tee: {
    execution: 'tee',
    name: 'Enclave (TEE)',
    promises: [
      'The model runs in memory that the processor encrypts, out of reach of whoever runs the machine.',
      'The enclave can prove by a signed quote which software runs in it.',
    ],
    doesNotPromise: [
      'That the proof was checked: see the attestation state of the model.',
      'That the answer is right, or that the software in the enclave has no faults.',
    ],
  },
  zdr: {
    execution: 'zdr',
    name: 'Zero data retention (ZDR)',
    promises: [
      'Each request carries the order to keep nothing, which this gateway sets and callers cannot take away.',
      'The provider asserts by contract that it stores neither prompts nor answers, and trains on none.',
    ],
    doesNotPromise: [
      'Proof: it is the provider’s word, and no hardware attests it.',
      'That nobody could read a prompt while it is being answered.',
    ],
  },
  operator: {
    execution: 'operator',
    name: 'Operator',
    promises: ['The model runs on an endpoint that the operator of this gateway has set up.'],
    doesNotPromise: [
      'An enclave, or any proof of what runs there.',
      'Anything about retention beyond what the operator tells you.',
    ],
  },
};
