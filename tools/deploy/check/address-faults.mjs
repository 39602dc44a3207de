import { BlockList, isIP } from 'node:net';

const defaults = {
  BUS_SUBNET: '172.30.58.0/24',
  BUS_GATEWAY: '172.30.58.1',
  BUS_RANGE: '172.30.58.128/25',
  PROXY_ADDRESS: '172.30.58.2',
  NATS_ADDRESS: '172.30.58.3',
};
const single = ['BUS_GATEWAY', 'PROXY_ADDRESS', 'NATS_ADDRESS'];

/**
 * Whether the fixed addresses of the network `bus` are in its subnet, and beside those that containers are given.
 * @param {Record<string, string | undefined>} settings of the `.env`
 * @returns {{ name: string, message: string }[]}
 */
export function addressFaults(settings) {
  const given = Object.fromEntries(Object.keys(defaults).map((name) => [name, settings[name] || defaults[name]]));
  const [subnet, range] = [blockOf(given.BUS_SUBNET), blockOf(given.BUS_RANGE)];
  if (!subnet) return [{ name: 'BUS_SUBNET', message: 'BUS_SUBNET is no network: 172.30.58.0/24 is one' }];
  if (!range) return [{ name: 'BUS_RANGE', message: 'BUS_RANGE is no network: 172.30.58.128/25 is one' }];
  const outside = single.filter((name) => !has(subnet, given[name]));
  if (!has(subnet, given.BUS_RANGE.split('/')[0])) outside.push('BUS_RANGE');
  const within = single.filter((name) => has(range, given[name]));
  return [
    ...outside.map((name) => ({ name, message: `${name} is not in BUS_SUBNET: all of them go together` })),
    ...within.map((name) => ({ name, message: `${name} is in BUS_RANGE, which any container may be given` })),
  ];
}

function blockOf(text) {
  const [address, prefix] = text.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)];
  if (bits === undefined || !/^\d{1,3}$/.test(prefix ?? '') || Number(prefix) > bits) return undefined;
  const block = new BlockList();
  block.addSubnet(address, Number(prefix), `ipv${isIP(address)}`);
  return block;
}

function has(block, address) {
  return isIP(address) !== 0 && block.check(address, `ipv${isIP(address)}`);
}
