import { bytesOf, portsOf, secondsOf } from './units.mjs';

const isPort = (port) => Number.isInteger(port) && port >= 1 && port <= 65_535;

function isPorts(text) {
  const { from, to } = portsOf(text);
  return isPort(from) && isPort(to) && from <= to;
}

/** An address and a port: 127.0.0.1:0 takes any that is free. */
function isPublished(text) {
  const [, port] = /^(?:.+:)?([\d-]+)$/.exec(text) ?? [];
  return port === '0' || (port !== undefined && isPorts(port));
}

const kinds = [
  [/_PORT$/, isPorts, 'no port from 1 to 65535, and no range of them', '8080'],
  [/_REPLICAS$/, (text) => /^[1-9]\d{0,3}$/.test(text), 'no number of replicas', '1'],
  [/_MEMORY$/, (text) => bytesOf(text) > 0, 'no size', '2560m'],
  [/^MAX_CPUS$/, (text) => Number(text) > 0, 'no number of processors', '2'],
  [/^STOP_GRACE_PERIOD$/, (text) => secondsOf(text) > 0, 'no time', '30s'],
  [/^GATEWAY_PUBLISH$/, isPublished, 'no address with a port', '127.0.0.1:0'],
];

/**
 * What compose or the engine would refuse of figures that no service reads.
 * @param {Record<string, string>} settings those that are set
 * @returns {{ name: string, message: string }[]}
 */
export function figureFaults(settings) {
  return Object.entries(settings).flatMap(([name, text]) => {
    const [, isOne, is, example] = kinds.find(([names]) => names.test(name)) ?? [];
    return isOne && !isOne(text) ? [{ name, message: `${name} is ${is}: ${name}=${example} is one` }] : [];
  });
}
