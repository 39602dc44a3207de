import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createSimulator } from '@orgn/providers';

/** The provider simulators, on a port of their own. */
export interface TestProviders {
  /** Base URL of a provider, with /v1. */
  urlOf(provider: 'near' | 'phala' | 'vercel' | 'local'): string;
  /** Environment that points a router at all of them. */
  environment: Record<string, string>;
  /** The same, with machines that are reached by TLS and attested under the development roots. */
  attestedEnvironment: Record<string, string>;
  /** Sets how a provider behaves; see the simulator's README. */
  control(provider: string, state: object): Promise<void>;
  /** What a provider has seen and produced. */
  received(provider: string): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

/** Starts the simulators in this process. */
export async function startProviders(): Promise<TestProviders> {
  const { http: server, tls } = createSimulator();
  const servers = [server, tls.near, tls.phala];
  await Promise.all(servers.map((one) => once(one.listen(0, '127.0.0.1'), 'listening')));
  const portOf = (one: { address(): unknown }) => (one.address() as AddressInfo).port;
  const ports = { http: portOf(server), near: portOf(tls.near), phala: portOf(tls.phala) };
  return providersAt(ports, async () => {
    for (const one of servers) one.closeAllConnections();
    await Promise.all(servers.map((one) => new Promise((resolve) => one.close(resolve))));
  });
}

/** Simulators that listen at ports of this machine. */
export function providersAt(
  ports: Record<'http' | 'near' | 'phala', number>,
  stop: () => Promise<void>,
): TestProviders {
  const base = `http://127.0.0.1:${ports.http}`;
  const names = ['near', 'phala', 'vercel'];
  return {
    urlOf: (provider) => `${base}/${provider}/v1`,
    environment: Object.fromEntries(
      names.flatMap((name) => [
        [`${name.toUpperCase()}_BASE_URL`, `${base}/${name}/v1`],
        [`${name.toUpperCase()}_API_KEY`, 'simulated'],
      ]),
    ),
    attestedEnvironment: {
      NEAR_BASE_URL: `https://127.0.0.1:${ports.near}/near/v1`,
      PHALA_BASE_URL: `https://127.0.0.1:${ports.phala}/phala/v1`,
      PCS_URL: base,
      PCS_ROOT_CRL_URL: `${base}/IntelSGXRootCA.der`,
      NRAS_URL: base,
      ATTESTATION_DEVELOPMENT_ROOT: 'allow',
    },
    control: async (provider, state) => {
      const response = await fetch(`${base}/control/${provider}`, { method: 'PUT', body: JSON.stringify(state) });
      if (!response.ok) throw new Error(`the simulator refused: ${await response.text()}`);
    },
    received: async (provider) => {
      const all = (await (await fetch(`${base}/control/received`)).json()) as Record<string, Record<string, number>>;
      return all[provider] ?? {};
    },
    stop,
  };
}
