import { ServiceError, type FailedCheck } from '@orgn/contracts';
import type { ServiceLog } from '@orgn/service-kit';
import type { ProviderEndpoint, ProviderName } from '../providers/provider.ts';
import { AttestedConnections } from './attested-connections.ts';
import { failedChecks, type AttestedSession } from './attested-session.ts';
import type { AttestationMetrics } from './attestation.metrics.ts';
import type { EnclaveVerifier, Verification } from './enclave-verifier.ts';
import { SingleConnection, spkiSha256, type ConnectionSettings } from './pinned-connections.client.ts';

export interface ProviderSessionsParts {
  provider: ProviderName;
  endpoint: ProviderEndpoint;
  verifier: EnclaveVerifier;
  metrics: AttestationMetrics;
  log: ServiceLog;
  connections: ConnectionSettings;
  /** How long a verification counts, in milliseconds. */
  maxAgeMs: number;
  /** A session followed another one. */
  onRenewed: (before: AttestedSession, after: AttestedSession) => void;
}

/** Part of its time after which a session is renewed. */
const RENEWED_AFTER = 0.7;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** How long a request waits for a verification that is under way, where there is none yet. */
const WAIT_MS = 15_000;

/** The sessions with one provider's enclave, one after the other: each is a lease that is renewed before it ends. */
export class ProviderSessions {
  #current: AttestedSession | undefined;
  #connections: AttestedConnections | undefined;
  #failed: readonly FailedCheck[] = [];
  #attempt: Promise<void> | undefined;
  #lastAttemptAt = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: NodeJS.Timeout | undefined;
  #hasStopped = false;

  constructor(private readonly parts: ProviderSessionsParts) {}

  start(): void {
    void this.establish();
  }

  stop(): void {
    this.#hasStopped = true;
    clearTimeout(this.#timer);
    this.#connections?.close();
  }

  /** The session that counts now. */
  get current(): AttestedSession | undefined {
    return this.#current && this.#current.expiresAt > Date.now() ? this.#current : undefined;
  }

  get connections(): AttestedConnections | undefined {
    return this.#connections;
  }

  /** Why there is no session: required checks that did not pass. */
  get failed(): readonly FailedCheck[] {
    return this.#failed;
  }

  /**
   * The session that counts now; where there is none, what comes of the verification that is under way or is begun.
   * @throws ServiceError `attestation_failed`
   */
  async require(): Promise<AttestedSession> {
    if (!this.current && (this.#attempt !== undefined || Date.now() - this.#lastAttemptAt >= FIRST_PAUSE_MS)) {
      await Promise.race([this.establish(), new Promise((resolve) => setTimeout(resolve, WAIT_MS).unref())]);
    }
    return this.current ?? this.#refuse();
  }

  /** Verifies the enclave anew, by what Intel says now. */
  async renew(): Promise<void> {
    await this.#attempt;
    this.parts.verifier.forgetStatements();
    await this.establish();
  }

  /** Verifies the enclave over a new connection. Those who ask meanwhile wait for the same. */
  establish(): Promise<void> {
    this.#attempt ??= this.#establish().finally(() => (this.#attempt = undefined));
    return this.#attempt;
  }

  async #establish(): Promise<void> {
    const { endpoint, connections, verifier, provider } = this.parts;
    this.#lastAttemptAt = Date.now();
    const connection = new SingleConnection(new URL(endpoint.baseUrl).origin, connections);
    try {
      const verification = await verifier.verifyOver(connection, provider, endpoint);
      if (verification.verified.verdict.status === 'verified') this.#adopt(verification, connection);
      else this.#reject(verification, connection);
    } catch (error) {
      this.#unreachable(error, connection);
    }
    this.#lastAttemptAt = Date.now();
  }

  #adopt({ evidence, evidenceDigest, verified, policy, ...at }: Verification, connection: SingleConnection): void {
    const { provider, maxAgeMs, metrics } = this.parts;
    const key = spkiSha256(connection.spki ?? Buffer.alloc(0));
    const session: AttestedSession = {
      ...{ id: `sha256:${evidenceDigest}`, provider, evidence, verified, policy, spkiSha256: key },
      ...{ establishedAt: at.askedAt, verifiedAt: at.verifiedAt, expiresAt: at.askedAt + maxAgeMs },
    };
    const connections = this.#connectionsTo(key, session);
    connections.add(connection, session);
    if (this.#current) this.parts.onRenewed(this.#current, session);
    this.#current = session;
    this.#failed = [];
    this.#pauseMs = FIRST_PAUSE_MS;
    metrics.validUntil(provider, session.expiresAt);
    this.#again(maxAgeMs * RENEWED_AFTER);
  }

  /** Connections to one key; those to another one come to their end. */
  #connectionsTo(key: string, { verified, provider }: AttestedSession): AttestedConnections {
    if (this.#connections?.spkiSha256 === key) return this.#connections;
    this.#connections?.close();
    this.#connections = new AttestedConnections(key, this.#settings);
    const { measurements, developmentRoot } = verified.facts;
    const measured = { mrtd: measurements?.mrtd ?? '', composeHash: measurements?.composeHash ?? '' };
    this.parts.log.info('enclave verified', { provider, developmentRoot, ...measured });
    return this.#connections;
  }

  /** It proved that it is not what it should be: what was proven before counts no more. */
  #reject({ verified }: Verification, connection: SingleConnection): void {
    void connection.close().catch(() => undefined);
    this.#failed = failedChecks(verified);
    this.#drop();
    const checks = this.#failed.map(({ id, status }) => `${id} ${status}`).join(', ');
    this.parts.log.warn('enclave refused', { provider: this.parts.provider, checks });
    this.#pause();
  }

  /** Nobody said anything against it: what counts goes on to count, as long as it would have. */
  #unreachable(error: unknown, connection: SingleConnection): void {
    void connection.close().catch(() => undefined);
    const { provider, metrics, log } = this.parts;
    metrics.unreachable(provider);
    if (!this.current) {
      this.#failed = [{ id: 'report_form', status: 'unknown' }];
      metrics.validUntil(provider, 0);
    }
    log.warn('enclave not verified', { provider }, error);
    this.#pause();
  }

  #drop(): void {
    this.#current = undefined;
    this.#connections?.close();
    this.#connections = undefined;
    this.parts.metrics.validUntil(this.parts.provider, 0);
  }

  #otherKey(): void {
    this.#failed = [{ id: 'key_attested', status: 'fail' }];
    this.#drop();
    this.#lastAttemptAt = 0;
    void this.establish();
  }

  #pause(): void {
    this.#again(this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }

  #again(afterMs: number): void {
    clearTimeout(this.#timer);
    if (!this.#hasStopped) this.#timer = setTimeout(() => void this.establish(), afterMs).unref();
  }

  get #settings() {
    const { endpoint, connections } = this.parts;
    return { ...connections, origin: new URL(endpoint.baseUrl).origin, onOtherKey: () => this.#otherKey() };
  }

  #refuse(): never {
    // Nothing failed, and yet what was proven last is too old.
    const checks: FailedCheck[] =
      this.#failed.length > 0 ? [...this.#failed] : [{ id: 'session_fresh', status: 'unknown' }];
    throw new ServiceError('attestation_failed', 'The enclave of this model could not be verified; nothing was sent.', {
      checks,
    });
  }
}
