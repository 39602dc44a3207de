import { Injectable } from '@nestjs/common';
import { ServiceError, type describeRouters, type findRouters, type ReplyOf } from '@orgn/contracts';
import { RouterConfig } from '../config.ts';
import { Circuit, type CircuitState } from './circuit.ts';
import { kinds } from './provider-kinds.ts';
import { providerNames, type Provider, type ProviderEndpoint, type ProviderName } from './provider.ts';
import { RetryBudget } from './retry-budget.ts';

type ProviderHealth = ReplyOf<typeof findRouters>['providers'];

/** A provider that this deployment is configured for. */
export interface ConfiguredProvider {
  name: ProviderName;
  endpoint: ProviderEndpoint;
  circuit: Circuit;
  retries: RetryBudget;
}

/** The providers that this deployment is configured for, and how they have been doing. */
@Injectable()
export class ProvidersService {
  readonly #configured: ReadonlyMap<ProviderName, ConfiguredProvider>;
  readonly #failing = new Set<ProviderName>();

  constructor(config: RouterConfig) {
    const endpoints = endpointsOf(config);
    if (config.NODE_ENV === 'production') refusePlainHttp(endpoints);
    this.#configured = new Map(
      providerNames.flatMap((name) => {
        const endpoint = endpoints[name];
        return endpoint ? [[name, toConfigured(name, endpoint, config)]] : [];
      }),
    );
  }

  kindOf(name: ProviderName): Provider {
    return kinds[name];
  }

  endpointOf(name: ProviderName): ProviderEndpoint | undefined {
    return this.#configured.get(name)?.endpoint;
  }

  /** @throws ServiceError `provider_unavailable` */
  require(name: ProviderName): ConfiguredProvider {
    const configured = this.#configured.get(name);
    if (configured) return configured;
    throw new ServiceError('provider_unavailable', 'This deployment is not connected to the provider.');
  }

  /** Which providers are configured, and whether with a key: what decides what is served, and no value of it. */
  get configuration(): string {
    return JSON.stringify([...this.#configured].map(([name, { endpoint }]) => [name, endpoint.apiKey !== undefined]));
  }

  circuitOf(name: ProviderName): CircuitState | undefined {
    return this.#configured.get(name)?.circuit.state;
  }

  /** Remembers whether the last call to a provider got an answer from it. */
  report(name: ProviderName, isReachable: boolean): void {
    if (isReachable) this.#failing.delete(name);
    else this.#failing.add(name);
  }

  health(): ProviderHealth {
    return Object.fromEntries(providerNames.map((name) => [name, this.#healthOf(name)]));
  }

  /** How each has been doing, with the circuit to it. */
  describe(): ReplyOf<typeof describeRouters>['providers'] {
    const described = (name: ProviderName) => ({ health: this.#healthOf(name), circuit: this.circuitOf(name) ?? null });
    return Object.fromEntries(providerNames.map((name) => [name, described(name)]));
  }

  #healthOf(name: ProviderName): ProviderHealth[string] {
    const circuit = this.circuitOf(name);
    if (!circuit) return 'not_configured';
    return circuit !== 'closed' || this.#failing.has(name) ? 'failing' : 'ok';
  }
}

function toConfigured(name: ProviderName, endpoint: ProviderEndpoint, config: RouterConfig): ConfiguredProvider {
  const circuit = new Circuit({
    failures: config.CIRCUIT_FAILURES,
    windowMs: config.CIRCUIT_WINDOW_MS,
    openMs: config.CIRCUIT_OPEN_MS,
    maxOpenMs: config.CIRCUIT_OPEN_MS * 16,
  });
  return { name, endpoint, circuit, retries: new RetryBudget(config.RETRY_RATIO) };
}

function endpointsOf(config: RouterConfig): Record<ProviderName, ProviderEndpoint | undefined> {
  return {
    near: toEndpoint(config.NEAR_BASE_URL, config.NEAR_API_KEY),
    phala: toEndpoint(config.PHALA_BASE_URL, config.PHALA_API_KEY),
    vercel: toEndpoint(config.VERCEL_BASE_URL, config.VERCEL_API_KEY),
    local: toEndpoint(config.LOCAL_BASE_URL, config.LOCAL_API_KEY),
  };
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
