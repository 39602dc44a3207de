import { isIPv6 } from 'node:net';

/**
 * What a container adds to its environment: replicas made by `--scale` share one definition, so each takes its name from its
 * own host name, and a router, and a gateway for its door to auth, announces its own address. Hosts that strangers reach learn
 * whose x-forwarded-for they may believe.
 * @param {string} service
 * @param {Record<string, string | undefined>} environment
 * @param {string} hostname the container's
 * @param {string} address by which others reach the container: its host name where nothing better is known
 * @returns {Record<string, string | undefined>} the environment without what is for this function alone
 * @throws Error naming the line to add when nothing says which proxies are trusted and nothing can be assumed
 */
export function containerEnvironment(service, environment, hostname, address = hostname) {
  const host = hostname.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
  const place = isIPv6(address) ? `[${address}]` : address;
  const { BIND_ADDRESS: bound, BUS_GATEWAY: bridge, PROXY_ADDRESS: proxy, ...settings } = environment;
  return {
    ...(!settings.INSTANCE_FILE && { INSTANCE: `${service}-${host}`.slice(0, 64) }),
    ...(service === 'inference-router' && { ADVERTISED_URL: advertisedUrl(place, settings) }),
    ...(service === 'gateway' && { PLAYGROUND_ADDRESS: place }),
    ...settings,
    ...(bound !== undefined && {
      TRUSTED_PROXIES: withProxy(settings.TRUSTED_PROXIES || bridgeBehind(bound, bridge), proxy),
    }),
  };
}

/** Gateways know the router by the name in its certificate, so any address will do. */
function advertisedUrl(place, { INTERNAL_TLS, HTTP_PORT }) {
  return `${INTERNAL_TLS === 'off' ? 'tcp' : 'tls'}://${place}:${HTTP_PORT}`;
}

/** The deployment's own proxy is believed whatever stands in front of it. */
function withProxy(trusted, proxy) {
  if (!proxy) return trusted;
  return trusted === 'none' ? proxy : `${trusted},${proxy}`;
}

/** Published on loopback, only this host connects, through the bridge: a proxy on it, or somebody who tries things. */
function bridgeBehind(bound, bridge) {
  if (/^(127(\.\d{1,3}){3}|\[?::1\]?)$/.test(bound)) return bridge;
  throw new Error(
    `BIND_ADDRESS=${bound} lets others than this host connect. Add to .env the line TRUSTED_PROXIES=none if callers ` +
      'connect themselves, or TRUSTED_PROXIES= and the addresses of the proxies in front.',
  );
}
