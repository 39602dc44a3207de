import { Injectable } from '@nestjs/common';
import { ServiceError, type connectRouter, type ReplyOf } from '@orgn/contracts';
import { RouterConfig } from '../config.ts';
import { local } from './local.provider.ts';
import { near } from './near.provider.ts';
import { phala } from './phala.provider.ts';
import { providerNames, type Provider, type ProviderEndpoint, type ProviderName } from './provider.ts';
import { vercel } from './vercel.provider.ts';

type ProviderHealth = ReplyOf<typeof connectRouter>['providers'];

/** The providers that this deployment is configured for, and how they have been doing. */
@Injectable()
export class ProvidersService {
  readonly #kinds: Record<ProviderName, Provider> = { near, phala, vercel, local };
  readonly #endpoints: Record<ProviderName, ProviderEndpoint | undefined>;
  readonly #failing = new Set<ProviderName>();

  constructor(private readonly config: RouterConfig) {
    this.#endpoints = {
      near: toEndpoint(config.NEAR_BASE_URL, config.NEAR_API_KEY),
      phala: toEndpoint(config.PHALA_BASE_URL, config.PHALA_API_KEY),
      vercel: toEndpoint(config.VERCEL_BASE_URL, config.VERCEL_API_KEY),
      local: toEndpoint(config.LOCAL_BASE_URL, config.LOCAL_API_KEY),
    };
    if (config.NODE_ENV === 'production') refusePlainHttp(this.#endpoints);
  }

  kindOf(name: ProviderName): Provider {
    return this.#kinds[name];
  }

  endpointOf(name: ProviderName): ProviderEndpoint | undefined {
    return this.#endpoints[name];
  }

  /**
   * Until enclaves are attested, a production deployment sends nothing to them: a check that did not run is not a pass.
   * @throws ServiceError `attestation_failed`
   */
  requireAttestation(execution: string): void {
    if (execution !== 'tee' || this.config.NODE_ENV !== 'production') return;
    throw new ServiceError(
      'attestation_failed',
      'This release cannot verify enclaves yet, so it sends nothing to TEE models in production.',
    );
  }

  /** Remembers whether the last call to a provider got an answer from it. */
  report(name: ProviderName, isReachable: boolean): void {
    if (isReachable) this.#failing.delete(name);
    else this.#failing.add(name);
  }

  health(): ProviderHealth {
    const healthOf = (name: ProviderName) => {
      if (!this.#endpoints[name]) return 'not_configured' as const;
      return this.#failing.has(name) ? ('failing' as const) : ('ok' as const);
    };
    return Object.fromEntries(providerNames.map((name) => [name, healthOf(name)]));
  }
}

function toEndpoint(baseUrl: string | undefined, apiKey: string | undefined): ProviderEndpoint | undefined {
  return baseUrl ? { baseUrl, apiKey } : undefined;
}

/** The operator's own endpoint may be plain HTTP inside a private network; the others carry prompts over the internet. */
function refusePlainHttp(endpoints: Record<ProviderName, ProviderEndpoint | undefined>): void {
  for (const name of ['near', 'phala', 'vercel'] as const) {
    if (endpoints[name]?.baseUrl.startsWith('http:')) {
      throw new ServiceError('invalid_request', `${name.toUpperCase()}_BASE_URL must be https in production.`);
    }
  }
}
