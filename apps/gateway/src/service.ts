import type { ServiceDefinition } from '@orgn/service-kit';
import { GatewayConfig } from './config.ts';
import { grantOf } from './edge/granted-request.ts';
import { newRequestId } from './edge/request-id.ts';
import { answerClientError } from './errors/client-error.ts';
import { answerUnroutable } from './errors/unroutable.ts';
import { RunningRequests } from './running/running-requests.ts';
import { GatewayModule } from './gateway.module.ts';

/** Longest time for a head: it is one packet, or a few. */
const HEAD_TIMEOUT_MS = 15_000;

export const gateway: ServiceDefinition<typeof GatewayConfig.schema> = {
  name: 'gateway',
  module: GatewayModule,
  cut: (app) => app.get(RunningRequests).cutAll(),
  config: GatewayConfig,
  http: {
    host: (config) => config.HTTP_HOST,
    port: (config) => config.HTTP_PORT,
    proxies: (config) => config.TRUSTED_PROXIES ?? [],
    connections: (config) => config,
    options: (config) => ({
      // Bodies have a time limit of their own, whose answer is better; this one is for what never becomes a request.
      requestTimeout: 2 * config.REQUEST_TIMEOUT_MS,
      http: {
        headersTimeout: Math.min(HEAD_TIMEOUT_MS, config.REQUEST_TIMEOUT_MS),
        // Node's own refusal has no body; ours has.
        requireHostHeader: false,
        connectionsCheckingInterval: Math.min(5_000, config.REQUEST_TIMEOUT_MS),
      },
      keepAliveTimeout: config.KEEP_ALIVE_TIMEOUT_MS,
      // Whose X-Forwarded-For is believed; from anybody else the header is what a caller made up.
      trustProxy: config.TRUSTED_PROXIES ?? false,
      // Request ids are minted here and never taken from a caller.
      genReqId: (raw) => grantOf(raw)?.requestId ?? newRequestId(),
      requestIdHeader: false,
      routerOptions: { ignoreTrailingSlash: true },
      clientErrorHandler: answerClientError,
      frameworkErrors: answerUnroutable,
    }),
  },
};
