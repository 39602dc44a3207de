import type { DispatchError } from '@orgn/dialects';

/** A router's refusal that carries more than a code: a provider's own status, type and code, or a time to wait. */
export class RefusalError extends Error {
  constructor(readonly refusal: DispatchError) {
    super('refused');
    this.name = 'RefusalError';
  }
}
