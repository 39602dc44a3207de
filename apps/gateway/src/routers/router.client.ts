import { Inject, Injectable } from '@nestjs/common';
import { RouterChannel } from '@orgn/channel';
import { BaseConfigToken, InternalTls, ServiceLog, type BaseConfig } from '@orgn/service-kit';
import { RouterConnector } from './router-connector.client.ts';

/** Opens channels to routers. Time limits of requests are the router's, which knows the provider's. */
@Injectable()
export class RouterClient {
  readonly #connector: RouterConnector;

  constructor(
    tls: InternalTls,
    private readonly log: ServiceLog,
    @Inject(BaseConfigToken) private readonly config: Pick<BaseConfig, 'INSTANCE'>,
  ) {
    this.#connector = new RouterConnector(tls);
  }

  /** Who we are to routers. */
  get gateway(): string {
    return this.config.INSTANCE;
  }

  /** The channel is kept open, and opened again, until it is closed. */
  connect(router: string, url: string): RouterChannel {
    return new RouterChannel({
      name: this.gateway,
      router,
      open: () => this.#connector.open(url),
      failed: (error) => this.log.warn('channel to a router ended', { router }, error),
    });
  }
}
