import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { collectDefaultMetrics, type Registry } from 'prom-client';
import type { BaseConfig } from '../config/base-config.ts';
import type { Health } from './health.ts';

/** The operator's port of every service: GET /health (200 or 503, with this process's pid) and GET /metrics. */
export class OpsServer {
  readonly #server: Server;

  constructor(
    private readonly service: string,
    private readonly config: BaseConfig,
    private readonly health: Health,
    private readonly metrics: Registry,
  ) {
    collectDefaultMetrics({ register: metrics });
    metrics.setDefaultLabels({ service, instance: config.INSTANCE });
    this.#server = createServer((request, response) => void this.#answer(request.url, response));
  }

  async listen(): Promise<void> {
    this.#server.listen(this.config.OPS_PORT, this.config.OPS_HOST);
    await once(this.#server, 'listening');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(url: string | undefined, response: ServerResponse): Promise<void> {
    if (url === '/health') return this.#answerHealth(response);
    if (url === '/metrics') {
      response.writeHead(200, { 'content-type': this.metrics.contentType }).end(await this.metrics.metrics());
      return;
    }
    response.writeHead(404, { 'content-type': 'text/plain' }).end('Try /health or /metrics.\n');
  }

  async #answerHealth(response: ServerResponse): Promise<void> {
    const { isOk, checks } = await this.health.run();
    const body = {
      status: isOk ? 'ok' : 'unavailable',
      service: this.service,
      instance: this.config.INSTANCE,
      pid: process.pid,
      checks,
    };
    response.writeHead(isOk ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}
