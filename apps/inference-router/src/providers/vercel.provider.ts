import type { Provider } from './provider.ts';

/**
 * Vercel AI Gateway under zero data retention. The flag is set on every request, by us alone: callers' `providerOptions`
 * are refused at the edge. https://vercel.com/docs/ai-gateway/security-and-compliance/zdr
 */
export const vercel: Provider = {
  members: { providerOptions: '{"gateway":{"zeroDataRetention":true}}' },
  whenCallerLeaves: 'drain',
  toRefusal: (status, type) =>
    status === 400 && type === 'no_providers_available'
      ? {
          code: 'zdr_unavailable',
          message:
            'No provider with zero data retention serves this model right now; try later or choose another model.',
        }
      : undefined,
};
