import { Injectable } from '@nestjs/common';
import { ServiceError, type ReplyOf, type requestReport, type RequestOf } from '@orgn/contracts';
import { CatalogueService } from '../catalogue/catalogue.service.ts';
import type { ProviderEndpoint, ProviderName } from '../providers/provider.ts';
import { ProvidersService } from '../providers/providers.service.ts';
import { gzipText } from './gzip-text.ts';
import { SingleConnection, spkiSha256 } from './pinned-connections.client.ts';
import { ReportClient } from './report.client.ts';
import { SessionsService } from './sessions.service.ts';

/** A report costs its machine half a second: what is left of what it bears is for renewing sessions. */
const A_MINUTE = 20;
const AT_ONCE = 2;
const MINUTE_MS = 60_000;
const MOST_PACKED = 960 * 1024;

/** Reports that callers asked an enclave for. */
class Asked {
  readonly #times: number[] = [];
  underWay = 0;

  /** @throws ServiceError `rate_limit_exceeded` */
  begin(now: number): void {
    while (this.#times[0] !== undefined && now - this.#times[0] >= MINUTE_MS) this.#times.shift();
    if (this.#times.length >= A_MINUTE || this.underWay >= AT_ONCE)
      throw new ServiceError('rate_limit_exceeded', 'The enclave of this model makes no more reports right now.');
    this.#times.push(now);
    this.underWay += 1;
  }
}

/** Lets callers ask an enclave for a report themselves: their nonce goes there, and what comes back is not looked at. */
@Injectable()
export class CallerReports {
  readonly #asked = new Map<ProviderName, Asked>();

  constructor(
    private readonly catalogue: CatalogueService,
    private readonly providers: ProvidersService,
    private readonly sessions: SessionsService,
    private readonly reports: ReportClient,
  ) {}

  /** @throws ServiceError `model_not_found`, `invalid_request`, `rate_limit_exceeded`, `provider_unavailable` */
  async report({ model, nonce }: RequestOf<typeof requestReport>): Promise<ReplyOf<typeof requestReport>> {
    const { provider, endpoint } = this.#enclaveOf(model);
    const asked = this.#asked.get(provider) ?? new Asked();
    this.#asked.set(provider, asked);
    asked.begin(performance.now());
    try {
      return { provider, ...(await this.#ask(endpoint, nonce)) };
    } finally {
      asked.underWay -= 1;
    }
  }

  async #ask(endpoint: ProviderEndpoint, nonce: string): Promise<{ spkiSha256: string; body: string }> {
    const connection = new SingleConnection(new URL(endpoint.baseUrl).origin, this.sessions.connectionSettings);
    try {
      const report = await this.reports.reportOver(connection, endpoint, nonce);
      const body = await gzipText(report);
      if (body.length > MOST_PACKED)
        throw new ServiceError('provider_unavailable', 'The report of this enclave is larger than can be passed on.');
      return { spkiSha256: spkiSha256(connection.spki ?? Buffer.alloc(0)), body };
    } finally {
      void connection.close().catch(() => undefined);
    }
  }

  #enclaveOf(id: string): { provider: ProviderName; endpoint: ProviderEndpoint } {
    const model = this.catalogue.find(id);
    const endpoint = model && this.providers.endpointOf(model.provider);
    if (!model || !endpoint)
      throw new ServiceError('model_not_found', 'There is no such model here.', { param: 'model' });
    if (this.sessions.isAttestable(model.provider)) return { provider: model.provider, endpoint };
    throw new ServiceError('invalid_request', 'This model does not run in an enclave that can be asked.', {
      param: 'model',
    });
  }
}
