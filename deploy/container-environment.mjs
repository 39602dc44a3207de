/**
 * What a container adds to its environment: replicas made by `--scale` share one definition, so each takes its name, and
 * a router the address it announces, from its own host name.
 * @param {string} service
 * @param {Record<string, string | undefined>} environment
 * @param {string} hostname the container's, which others on its networks can resolve
 * @returns {Record<string, string | undefined>}
 */
export function containerEnvironment(service, environment, hostname) {
  const host = hostname.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
  return {
    INSTANCE: `${service}-${host}`.slice(0, 64),
    ...(service === 'inference-router' && { ADVERTISED_URL: `http://${hostname}:${environment.HTTP_PORT}` }),
    ...environment,
  };
}
