import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceError, type attestationWatched, type FailedCheck, type PayloadOf } from '@orgn/contracts';
import type { TeeDemands } from '@orgn/dialects';
import { RouterConfig } from '../config.ts';
import type { UpstreamWay } from '../providers/provider.client.ts';
import { providerNames, type ProviderEndpoint, type ProviderName } from '../providers/provider.ts';
import { ProvidersService } from '../providers/providers.service.ts';
import { MOST_ATTESTED, type Attested } from './attested-connections.ts';
import type { AttestedSession, ConnectionClaim } from './attested-session.ts';
import { unmet } from './demand-checks.ts';
import type { ConnectionSettings, PinnedPool } from './pinned-connections.client.ts';
import { ProviderSessions } from './provider-sessions.ts';
import { SessionTools } from './session-tools.ts';

/** What a request to an enclave travels by, and what may be claimed of it. */
export interface Lease {
  readonly session: AttestedSession;
  readonly claim: ConnectionClaim;
  readonly way: UpstreamWay;
  /** Gives the connection back when nothing was sent. */
  release: () => void;
}

/** How a provider's enclave stands. */
export interface EnclaveState {
  readonly session: AttestedSession | undefined;
  /** Required checks that did not pass when it was verified last; empty while there is a session. */
  readonly failed: readonly FailedCheck[];
}

/** Providers whose models run in enclaves, and how those reach us: in the clear there is nothing to attest. */
const attestable: readonly ProviderName[] = ['near', 'phala'];

/** Keeps a verified session with every enclave that this router speaks to. */
@Injectable()
export class SessionsService implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #sessions: ReadonlyMap<ProviderName, ProviderSessions>;
  readonly #tools: SessionTools;
  readonly #renewals: ((before: AttestedSession, after: AttestedSession) => void)[] = [];

  constructor(
    private readonly config: RouterConfig,
    providers: ProvidersService,
    tools: SessionTools,
  ) {
    this.#tools = tools;
    const { verifier, metrics, log } = tools;
    const make = (provider: ProviderName, endpoint: ProviderEndpoint) =>
      new ProviderSessions({
        ...{ provider, endpoint, verifier, metrics, log },
        connections: this.connectionSettings,
        maxAgeMs: config.ATTESTATION_MAX_AGE * 1000,
        onRenewed: (before, after) => this.#renewals.forEach((hear) => hear(before, after)),
      });
    this.#sessions = new Map(
      providerNames.flatMap((name) => {
        const endpoint = attestable.includes(name) ? providers.endpointOf(name) : undefined;
        return endpoint?.baseUrl.startsWith('https:') ? [[name, make(name, endpoint)] as const] : [];
      }),
    );
  }

  onApplicationBootstrap(): void {
    for (const sessions of this.#sessions.values()) sessions.start();
  }

  onApplicationShutdown(): void {
    for (const sessions of this.#sessions.values()) sessions.stop();
  }

  /** Is told of each session that follows another one. */
  onRenewed(hear: (before: AttestedSession, after: AttestedSession) => void): void {
    this.#renewals.push(hear);
  }

  /** Whether a provider is one whose enclave can be verified. */
  isAttestable(provider: ProviderName): boolean {
    return this.#sessions.has(provider);
  }

  stateOf(provider: ProviderName): EnclaveState | undefined {
    const sessions = this.#sessions.get(provider);
    return sessions && { session: sessions.current, failed: sessions.failed };
  }

  /** One that counts now. @param id `sha256:` and the digest of its evidence */
  find(id: string): AttestedSession | undefined {
    return [...this.#sessions.values()].map(({ current }) => current).find((session) => session?.id === id);
  }

  /** Connections that end in the provider's attested key, for questions of ours; undefined while there is none. */
  dispatcherOf(provider: ProviderName): PinnedPool['dispatcher'] | undefined {
    return this.#sessions.get(provider)?.connections?.pool.dispatcher;
  }

  /** Verifies a provider's enclave now, whatever was known of it. */
  async renew(provider: ProviderName): Promise<void> {
    await this.#sessions.get(provider)?.renew();
  }

  /** How each enclave stands, and whether Intel and NVIDIA answered last, for those who show it to people. */
  describe(): Pick<PayloadOf<typeof attestationWatched>, 'enclaves' | 'statements'> {
    return {
      enclaves: Object.fromEntries([...this.#sessions].map(([name, sessions]) => [name, describe(sessions)])),
      statements: Object.fromEntries(this.#tools.metrics.lastFetches),
    };
  }

  /** @throws ServiceError `attestation_failed` unless the provider's enclave is verified and meets the demands */
  async require(provider: ProviderName, demands: TeeDemands | undefined): Promise<AttestedSession> {
    const session = await this.#of(provider).require();
    const checks = demands ? unmet(session.verified, demands) : [];
    if (checks.length === 0) return session;
    throw new ServiceError(
      'attestation_failed',
      'The enclave of this model does not meet what the request, or its team, demands.',
      {
        checks,
      },
    );
  }

  /**
   * A connection to the provider's enclave: one that was itself attested when one is free, else any that ends in the key.
   * @throws ServiceError `attestation_failed`
   */
  async lease(provider: ProviderName, demands: TeeDemands | undefined): Promise<Lease> {
    const session = await this.require(provider, demands);
    const sessions = this.#of(provider);
    const free = sessions.connections?.take();
    if (free) return attestedLease(free);
    const isInstance = demands?.isInstance === true || this.#tools.policies.demandsInstance(provider);
    if (isInstance) return attestedLease((await this.#grow(sessions)) ?? noInstance());
    if (!sessions.connections) return noInstance();
    return { session, claim: 'key_attested', way: sessions.connections.pool.dispatcher, release: () => undefined };
  }

  /** Attests one more connection, within what a provider may be asked to bear; of several who wait, one gets each. */
  async #grow(sessions: ProviderSessions) {
    for (let tries = 0; tries < MOST_ATTESTED && sessions.connections?.hasRoom; tries += 1) {
      await sessions.establish();
      const free = sessions.connections.take();
      if (free) return free;
    }
    return undefined;
  }

  #of(provider: ProviderName): ProviderSessions {
    const sessions = this.#sessions.get(provider);
    if (sessions) return sessions;
    throw new ServiceError('attestation_failed', 'The provider is not reached in a way that could be attested.', {
      checks: [{ id: 'tls_bound', status: 'unknown' }],
    });
  }

  /** How connections to enclaves are made. */
  get connectionSettings(): ConnectionSettings {
    const { CONNECT_TIMEOUT_MS, FIRST_BYTE_TIMEOUT_MS, IDLE_TIMEOUT_MS } = this.config;
    return {
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      headersTimeoutMs: FIRST_BYTE_TIMEOUT_MS,
      bodyTimeoutMs: IDLE_TIMEOUT_MS,
    };
  }
}

const attestedLease = ({ session, connection }: Attested): Lease => ({
  session,
  claim: 'instance_attested',
  way: connection,
  release: () => connection.release(),
});

const nothing = { isVerified: false, isDevelopment: false, verifiedAt: null, composeHash: null };
const isUnknown = ({ status }: FailedCheck) => status === 'unknown';

function describe({ current, failed }: ProviderSessions) {
  if (!current) return { ...nothing, failed: failed.map(({ id }) => id), isUnknown: failed.every(isUnknown) };
  const { developmentRoot, measurements } = current.verified.facts;
  return {
    isVerified: true,
    isDevelopment: developmentRoot,
    verifiedAt: new Date(current.establishedAt).toISOString(),
    composeHash: measurements?.composeHash ?? null,
    failed: [],
    isUnknown: false,
  };
}

function noInstance(): never {
  throw new ServiceError('attestation_failed', 'No connection that was itself attested is free; try again shortly.', {
    checks: [{ id: 'instance_attested', status: 'unknown' }],
  });
}
