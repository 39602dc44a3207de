import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ServiceError, type connectRouter, type ReplyOf } from '@orgn/contracts';
import { AdmissionClock } from '../admission/admission-clock.ts';
import { CatalogueService } from '../catalogue/catalogue.service.ts';
import { RouterConfig } from '../config.ts';
import { ProvidersService } from '../providers/providers.service.ts';

const TOKEN_SECONDS = 60;

/** The channel that this router opens to gateways: short-lived tokens, kept as digests in memory only. */
@Injectable()
export class ChannelService {
  readonly #expiries = new Map<string, number>();

  constructor(
    private readonly config: RouterConfig,
    private readonly catalogue: CatalogueService,
    private readonly providers: ProvidersService,
    private readonly clock: AdmissionClock,
  ) {}

  /**
   * Opens the channel to a gateway for the next 60 seconds.
   * @throws ServiceError `service_unavailable` while no ticket can be judged, for want of the time
   */
  open(): ReplyOf<typeof connectRouter> {
    if (this.clock.nowMs === undefined) throw new ServiceError('service_unavailable', 'Nothing can be admitted yet.');
    this.#dropExpired();
    const token = randomBytes(32).toString('base64url');
    this.#expiries.set(digestOf(token), Date.now() + TOKEN_SECONDS * 1_000);
    return {
      router: this.config.INSTANCE,
      url: this.config.ADVERTISED_URL,
      token,
      tokenSeconds: TOKEN_SECONDS,
      catalogueVersion: this.catalogue.version,
      providers: this.providers.health(),
    };
  }

  /** Whether a bearer token opens the channel now. Looked up by digest, so that timing tells nothing about tokens. */
  isOpen(token: string): boolean {
    return (this.#expiries.get(digestOf(token)) ?? 0) > Date.now();
  }

  #dropExpired(): void {
    const now = Date.now();
    for (const [digest, expiresAt] of this.#expiries) if (expiresAt <= now) this.#expiries.delete(digest);
  }
}

function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
