import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';

/**
 * The address of this container on the network where a server is, which others there reach it by. A name would do as long as
 * the container runs; once it has gone, whoever goes on asking for the name waits for the host's DNS, and Node ends no process
 * while one of its lookups is under way.
 * @param {string | undefined} url of the server; nothing is sent there
 * @returns {Promise<string | undefined>} undefined where there is no way to it
 */
export async function ownAddressTowards(url) {
  try {
    const { hostname, port } = new URL(url ?? '');
    const { address, family } = await lookup(hostname);
    const socket = createSocket(`udp${family}`);
    socket.connect(Number(port), address);
    await once(socket, 'connect');
    const { address: own } = socket.address();
    socket.close();
    return own;
  } catch {
    return undefined;
  }
}
