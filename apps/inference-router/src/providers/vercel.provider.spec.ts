import { describe, expect, test } from '@jest/globals';
import { vercel } from './vercel.provider.ts';

const read = (value: unknown) => vercel.readRouting?.(Buffer.from(JSON.stringify(value)));
const block = (credentialType = 'system', provider = 'anthropic') => ({
  gateway: {
    routing: {
      finalProvider: provider,
      planningReasoning: 'ZDR requested: all 1 attempts support ZDR',
      modelAttempts: [
        {
          providerAttempts: [
            { provider: 'bedrock', credentialType: 'system' },
            { provider, credentialType },
          ],
        },
      ],
    },
    cost: '0.0001',
  },
});
const claims = { source: 'provider_asserted', provider: 'anthropic', attempted: ['bedrock', 'anthropic'] };

describe("vercel's routing block", () => {
  test.each([
    ['the message', { choices: [{ message: { provider_metadata: block() } }] }],
    ['a delta', { choices: [{ delta: { provider_metadata: block() } }] }],
    ['beside the choices', { choices: [], provider_metadata: block() }],
  ])('is read in %s', (_place, answer) => {
    expect(read(answer)).toMatchObject({
      claims,
      isBreach: false,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    });
  });

  test('is a breach when a credential outside of the promise was used', () => {
    expect(read({ provider_metadata: block('byok') })).toMatchObject({ isBreach: true });
  });

  test('gives names only, never a sentence', () => {
    const word = read({ provider_metadata: block('system', 'a sentence with a prompt in it') });
    expect(word?.claims).toEqual({ source: 'provider_asserted', provider: null, attempted: ['bedrock'] });
  });

  test.each([
    [{}],
    [{ choices: null, provider_metadata: null }],
    [{ provider_metadata: { gateway: { routing: 7 } } }],
    [{ choices: [{ message: 'provider_metadata' }] }],
  ])('may be absent or unreadable: %j', (answer) => {
    expect(read(answer)).toBeUndefined();
  });
});
