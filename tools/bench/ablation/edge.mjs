/** The outer process of a bare rung: a door, the layers of BENCH_RUNG, and the channel to `router.mjs`. */
import { once } from 'node:events';
import { connect } from 'node:tls';
import { RouterChannel } from '@orgn/channel';
import { rungSettings } from './built.mjs';
import { openBus } from '../bus.mjs';
import { openDesk } from './desk.mjs';
import { doors } from './doors.mjs';
import { identityOf, suite } from './identity.mjs';
import { openRequestReader } from './requests.mjs';

const settings = rungSettings();
const { door, port, routerPort, layers, stack } = settings;

async function open() {
  const socket = connect({
    ...identityOf(stack.dir, 'gateway'),
    ...suite,
    host: '127.0.0.1',
    port: routerPort,
    servername: 'inference-router',
  });
  await once(socket, 'secureConnect');
  return socket;
}

const channel = new RouterChannel({
  name: 'bench-edge',
  open,
  failed: (error) => process.stderr.write(`bench edge, ${door}: ${error.message}\n`),
});
const read = layers.includes('parse') ? await openRequestReader() : (body) => body;
const desk = layers.includes('verify') ? openDesk(await openBus(stack, 'gateway')) : undefined;

/** @returns {Promise<object>} headers of the channel */
async function headersFor(asked) {
  const headers = { 'content-type': 'application/json' };
  return desk ? { ...headers, ...(await desk.admit(asked.headers.authorization)) } : headers;
}

function relay(response, order) {
  const request = channel.post(order, {
    onStart: (status, headers) => response.writeHead(status, headers),
    onData: (chunk) => response.write(chunk) || request?.pause(),
    onEnd: () => response.end(),
    onError: () => response.destroy(),
  });
  response.on('drain', () => request?.resume());
  response.on('close', () => response.writableFinished || request?.abort());
}

async function answer(asked, response) {
  try {
    const headers = await headersFor(asked);
    relay(response, { path: '/v1/chat/completions', headers, body: read(asked.body) });
  } catch (error) {
    response.writeHead(500).end(String(error.message));
  }
}

await channel.whenOpen(10_000);
await doors[door](port, answer);
