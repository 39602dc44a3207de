import { addressFaults } from './address-faults.mjs';
import { figureFaults } from './figure-faults.mjs';
import { bytesOf, portsOf, secondsOf } from './units.mjs';

const profiles = ['demo', 'proxy', 'tools'];
/** What the simulators are published on, whatever is set. */
const simulatorPorts = { 'the simulator of sign-in': '8082', 'the simulator of Stripe': '8083' };
/** What a router takes beside what it holds (MAX_HELD_BYTES). */
const routerBytes = 1.5 * 1024 ** 3;
/** What is cut off at STOP_SECONDS has its usage recorded then. */
const recordSeconds = 5;

/**
 * What contradicts itself of the settings that are for compose and the engine alone: no service reads those.
 * @param {Record<string, string | undefined>} given the settings of the `.env`
 * @returns {{ name: string, message: string }[]}
 */
export function engineFaults(given) {
  // An empty line is none, as in docker-compose.yml.
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value));
  const chosen = (settings.COMPOSE_PROFILES ?? '').split(',').filter(Boolean);
  return [
    ...figureFaults(settings),
    ...unknownProfiles(chosen),
    ...sharedPorts(settings, chosen),
    ...gatewayFaults(settings, chosen),
    ...graceFaults(settings),
    ...memoryFaults(settings),
    ...addressFaults(settings),
  ];
}

function unknownProfiles(chosen) {
  const unknown = chosen.filter((name) => !profiles.includes(name));
  if (unknown.length === 0) return [];
  return [{ name: 'COMPOSE_PROFILES', message: `COMPOSE_PROFILES may name ${profiles.join(', ')}, and names others` }];
}

function sharedPorts({ API_PORT = '8080', CONSOLE_PORT = '8081', NATS_PORT = '4222', GATEWAY_PUBLISH }, chosen) {
  const own = GATEWAY_PUBLISH && { GATEWAY_PUBLISH: portOf(GATEWAY_PUBLISH) };
  const published = { API_PORT, CONSOLE_PORT, NATS_PORT, ...(chosen.includes('demo') && simulatorPorts), ...own };
  const ranges = Object.entries(published).map(([name, text]) => ({ name, ...portsOf(text) }));
  return ranges.flatMap(({ name, from, to }, at) => {
    const other = ranges.slice(0, at).find((one) => one.from <= to && from <= one.to);
    if (!other) return [];
    const [fixed, movable] = name in simulatorPorts ? [name, other.name] : [other.name, name];
    return [{ name: movable, message: `${movable} has a port in common with ${fixed}: give it another one` }];
  });
}

/** Behind the proxy 0, which is any port that is free. */
function portOf(published) {
  return published.slice(published.lastIndexOf(':') + 1);
}

/** Several gateways need a port each; and whoever has API_PORT has it alone. */
function gatewayFaults({ GATEWAY_REPLICAS = '1', GATEWAY_PUBLISH: own, API_PORT = '8080' }, chosen) {
  const hasProxy = chosen.includes('proxy');
  const name = 'GATEWAY_PUBLISH';
  if (hasProxy && !own) {
    return [{ name, message: `${name} is not set, but the proxy has API_PORT: add the line ${name}=127.0.0.1:0` }];
  }
  if (own && !hasProxy) {
    const message = `${name} is set, and nothing has API_PORT: add the line COMPOSE_PROFILES=proxy, or leave ${name} empty`;
    return [{ name, message }];
  }
  return tooFewPorts(GATEWAY_REPLICAS, own ? { name, ports: portOf(own) } : { name: 'API_PORT', ports: API_PORT });
}

function tooFewPorts(replicas, { name, ports }) {
  if (ports === '0') return [];
  const { from, to } = portsOf(ports);
  if (!(Number(replicas) > to - from + 1)) return [];
  const message = `GATEWAY_REPLICAS is more than ${name} has ports: add the lines COMPOSE_PROFILES=proxy and GATEWAY_PUBLISH=127.0.0.1:0`;
  return [{ name: 'GATEWAY_REPLICAS', message }];
}

function graceFaults({ STOP_SECONDS = '25', STOP_GRACE_PERIOD = '30s' }) {
  const least = Number(STOP_SECONDS) + recordSeconds;
  if (!(secondsOf(STOP_GRACE_PERIOD) < least)) return [];
  const message = `STOP_GRACE_PERIOD is shorter than STOP_SECONDS and ${recordSeconds} s: add the line STOP_GRACE_PERIOD=${least}s`;
  return [{ name: 'STOP_GRACE_PERIOD', message }];
}

function memoryFaults({ MAX_HELD_BYTES = String(1024 ** 3), INFERENCE_ROUTER_MEMORY = '2560m' }) {
  const least = Number(MAX_HELD_BYTES) + routerBytes;
  if (!(bytesOf(INFERENCE_ROUTER_MEMORY) < least)) return [];
  const line = `INFERENCE_ROUTER_MEMORY=${Math.ceil(least / 1024 ** 2)}m`;
  return [
    {
      name: 'INFERENCE_ROUTER_MEMORY',
      message: `INFERENCE_ROUTER_MEMORY is less than MAX_HELD_BYTES and 1.5 GiB: add the line ${line}`,
    },
  ];
}
