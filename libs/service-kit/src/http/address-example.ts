import fastify, { type FastifyServerOptions } from 'fastify';

/** A documentation address: nobody's. */
const SOMEBODY = '203.0.113.7';

/**
 * Says, for the log of a start, which address a request would count as whose peer this is and which says that it was
 * forwarded for somebody else. Fastify itself decides, by the same setting as for real requests.
 */
export async function addressExample(trustProxy: FastifyServerOptions['trustProxy'], peer: string): Promise<string> {
  const host = fastify({ trustProxy: trustProxy ?? false });
  host.get('/', ({ ip }) => ip);
  const { body } = await host.inject({ url: '/', remoteAddress: peer, headers: { 'x-forwarded-for': SOMEBODY } });
  await host.close();
  return `a request whose peer is ${peer} with x-forwarded-for ${SOMEBODY} counts as ${body}`;
}

/**
 * An example for each trusted proxy and one for anybody else; few enough to read.
 * @param proxies as in TRUSTED_PROXIES
 */
export function addressExamples(proxies: readonly string[]): Promise<string[]> {
  const peers = proxies.slice(0, 3).map((range) => range.split('/', 1)[0] ?? range);
  const trustProxy = proxies.length > 0 ? [...proxies] : false;
  return Promise.all([...peers, '198.51.100.9'].map((peer) => addressExample(trustProxy, peer)));
}
