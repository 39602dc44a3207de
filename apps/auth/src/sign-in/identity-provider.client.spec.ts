import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ServiceLog } from '@orgn/service-kit';
import type { AuthConfig } from '../config.ts';
import { IdentityProvider } from './identity-provider.client.ts';
import { ProviderNetwork } from './provider-network.client.ts';

const issuer = 'https://id.example';
let document: Record<string, unknown>;
let fetched: string[];

beforeEach(() => {
  document = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
  };
  fetched = [];
  jest.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    fetched.push(input instanceof Request ? input.url : input.toString());
    return Response.json(document);
  });
});
afterEach(() => {
  jest.restoreAllMocks();
});

function providerOf(config: Partial<AuthConfig> = {}): IdentityProvider {
  const log = new ServiceLog('auth', 'auth-1', 'silent');
  const all = {
    NODE_ENV: 'production',
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'orgn-console',
    CONSOLE_URL: 'https://c.example',
  };
  const settings = { ...all, OIDC_CLIENT_SECRET: 'secret', ...config } as AuthConfig;
  return new IdentityProvider(settings, new ProviderNetwork(settings), log);
}

describe('in production', () => {
  test('a provider is what its discovery document says', async () => {
    expect(await providerOf().metadata()).toMatchObject(document);
  });

  test('a simulator, which signs in whoever asks, signs in nobody', async () => {
    document.orgn_simulator = true;
    await expect(providerOf().metadata()).rejects.toMatchObject({ reason: 'simulator_in_production' });
  });

  test('a provider on plain http is not even asked', async () => {
    await expect(providerOf({ OIDC_ISSUER: 'http://id.example' }).metadata()).rejects.toMatchObject({
      reason: 'provider_misconfigured',
    });
    expect(fetched).toEqual([]);
  });
});

test('in development a simulator will do', async () => {
  document.orgn_simulator = true;
  expect(await providerOf({ NODE_ENV: 'development' }).metadata()).toMatchObject({ issuer });
});

describe('the discovery document', () => {
  test('is fetched once for many who ask at once, and again after an hour', async () => {
    const provider = providerOf();
    await Promise.all([provider.metadata(), provider.metadata(), provider.client()]);
    expect(fetched).toEqual([`${issuer}/.well-known/openid-configuration`]);
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_001);
    await provider.metadata();
    expect(fetched).toHaveLength(2);
  });

  test('is asked for again after a failure', async () => {
    const provider = providerOf();
    const { issuer: right } = document;
    document.issuer = 'https://evil.example';
    await expect(provider.metadata()).rejects.toMatchObject({ reason: 'provider_misconfigured' });
    document.issuer = right;
    expect(await provider.metadata()).toMatchObject({ issuer });
  });

  test('must call the provider exactly as we do: a person’s identity is made of that name', async () => {
    document.issuer = `${issuer}/`;
    await expect(providerOf().metadata()).rejects.toMatchObject({ reason: 'provider_misconfigured' });
  });
});

describe('the way out', () => {
  test('leads through the provider and back to the start page', async () => {
    document.end_session_endpoint = `${issuer}/end?x=1`;
    const { origin, pathname, searchParams } = new URL((await providerOf().endSessionUrl('an.id.token'))!);
    expect([origin + pathname, Object.fromEntries(searchParams)]).toEqual([
      `${issuer}/end`,
      {
        x: '1',
        client_id: 'orgn-console',
        id_token_hint: 'an.id.token',
        post_logout_redirect_uri: 'https://c.example/',
        state: expect.stringMatching(/^[\w-]{43}$/),
      },
    ]);
  });

  test('ends here where the provider has none', async () => {
    expect(await providerOf().endSessionUrl('an.id.token')).toBeUndefined();
  });
});
