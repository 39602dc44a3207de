/**
 * What a party does with its certificate; a client's cannot serve and a server's cannot ask. The gateway does both: it asks
 * the others, and has a door that auth alone opens.
 */
const asks = { serves: false };
const serves = { serves: true };
/** Programs that know nothing of service names, such as psql on the same host, check the address. */
const local = { dns: ['localhost'], ip: ['127.0.0.1', '::1'] };

/**
 * Who gets a certificate of a deployment. The name in it is the service's, wherever it runs, so that any number of
 * replicas share one; `also` are further names and addresses in it.
 */
export const parties = {
  gateway: { serves: true, asks: true },
  auth: asks,
  'key-registry': asks,
  'inference-router': serves,
  'usage-metering': asks,
  operator: asks,
  nats: { ...serves, also: local },
  postgres: { ...serves, also: local },
};
