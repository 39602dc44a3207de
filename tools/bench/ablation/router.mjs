/** The inner process of a bare rung: the channel of `edge.mjs` in, the layers of BENCH_RUNG, undici out. */
import { createServer } from 'node:tls';
import { ChannelHost } from '@orgn/channel';
import { Pool } from 'undici';
import { answerOf } from './answers.mjs';
import { rungSettings } from './built.mjs';
import { openBus } from '../bus.mjs';
import { identityOf, suite } from './identity.mjs';
import { openOrderReader } from './requests.mjs';
import { openTicketCheck, openWords } from './words.mjs';

const { routerPort, upstreamUrl, layers, stack } = rungSettings();
const upstream = new Pool(upstreamUrl, { connections: 512, pipelining: 1 });
const readOrder = layers.includes('parse') ? await openOrderReader() : undefined;
const checkTicket = layers.includes('verify') ? openTicketCheck(stack) : undefined;
const store = layers.includes('usage') ? openWords(await openBus(stack, 'inference-router')) : undefined;

/** Bytes as they come: what is below `parse`. */
function passedOn(request) {
  return {
    begin: (status, { 'content-type': type, 'content-length': length }) =>
      request.begin(status, { 'content-type': type, ...(length && { 'content-length': length }) }),
    push: (chunk) => request.write(chunk),
    end: () => request.end(Buffer.alloc(0)),
  };
}

async function orderOf(request) {
  const body = await request.body();
  if (!readOrder) return { body, answer: passedOn(request) };
  const { headers } = request.head;
  const admission = checkTicket?.(headers);
  const order = await readOrder(body);
  const word = { admission, ticket: headers['x-orgn-ticket'], streamed: order.isStream };
  const stored = async (usage) => store?.(word, usage);
  return { body: order.body, answer: answerOf(request, order, stored) };
}

function send(request, { body, answer }) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-any' };
  upstream.dispatch(
    { path: request.head.path, method: 'POST', headers, body },
    {
      onRequestStart(controller) {
        request.onClose(() => request.isFinished || controller.abort(new Error('the caller left')));
        request.onDrain(() => controller.resume());
      },
      onResponseStart: (_controller, status, headers) => answer.begin(status, headers),
      onResponseData: (controller, chunk) => answer.push(chunk) || controller.pause(),
      onResponseEnd: () => void Promise.resolve(answer.end()).catch(() => request.abort()),
      onResponseError: () => request.abort(),
    },
  );
}

async function take(request) {
  try {
    send(request, await orderOf(request));
  } catch (error) {
    process.stderr.write(`bench router: ${error.message}\n`);
    request.abort();
  }
}

const server = createServer({
  ...identityOf(stack.dir, 'inference-router'),
  ...suite,
  requestCert: true,
  rejectUnauthorized: true,
});
new ChannelHost(server, 'secureConnection', {
  name: 'bench-router',
  maxConnections: 16,
  take,
  closed: (error) => error.code === 'done' || process.stderr.write(`bench router: ${error.message}\n`),
});
server.listen(routerPort, '127.0.0.1');
