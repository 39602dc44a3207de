import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { bodyText } from './exchange.mjs';

/** What of an answer is kept: enough for an error's words. */
const keptBytes = 4_096;

/**
 * A proxy between one client and the gateway that remembers each exchange. It changes nothing, keeps streams streaming, and hands
 * an upgrade on.
 * @param {string} target URL of the gateway
 * @returns {Promise<{ url: string, exchanges: Exchange[], close(): Promise<void> }>}
 *
 * @typedef {{ method: string, path: string, headers: object, body: string, status: number, answerHeaders: object,
 *   answer: string, isWhole: boolean }} Exchange
 */
export async function startRecorder(target) {
  const exchanges = [];
  // Java's client offers h2c in passing: only who asks for a websocket means it.
  const shouldUpgradeCallback = ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket';
  const server = createServer({ shouldUpgradeCallback }, (incoming, outgoing) => {
    void forward({ incoming, outgoing, target, exchanges });
  });
  server.on('upgrade', (incoming, socket, head) => hand({ incoming, socket, head, target, exchanges }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${server.address().port}`, exchanges, close };
}

async function forward({ incoming, outgoing, target, exchanges }) {
  const exchange = begin(incoming, exchanges);
  const chunks = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk);
  } catch {
    return;
  }
  const body = Buffer.concat(chunks);
  exchange.body = bodyText(body, incoming.headers['content-encoding']);
  const { pathname, search } = new URL(incoming.url, 'http://x');
  const onward = request(target, {
    path: pathname + search,
    method: incoming.method,
    headers: toTarget(incoming, target),
  });
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  onward.on('response', (answer) => relay({ answer, outgoing, exchange }));
  onward.end(body);
}

function relay({ answer, outgoing, exchange }) {
  Object.assign(exchange, { status: answer.statusCode, answerHeaders: answer.headers });
  outgoing.writeHead(answer.statusCode, answer.rawHeaders);
  outgoing.flushHeaders();
  answer.on('data', (chunk) => {
    if (exchange.answer.length < keptBytes) exchange.answer += chunk.toString('utf8');
    outgoing.write(chunk);
  });
  answer.on('end', () => {
    exchange.isWhole = true;
    outgoing.end();
  });
  answer.on('error', () => outgoing.destroy());
}

/** An upgrade goes on as it came, bytes for bytes; of its answer the status is noted. */
function hand({ incoming, socket, head, target, exchanges }) {
  const exchange = begin(incoming, exchanges);
  const { hostname, port } = new URL(target);
  const onward = connect(port, hostname, () => {
    const lines = [`${incoming.method} ${incoming.url} HTTP/1.1`];
    for (let at = 0; at < incoming.rawHeaders.length; at += 2) {
      lines.push(`${incoming.rawHeaders[at]}: ${incoming.rawHeaders[at + 1]}`);
    }
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    socket.pipe(onward);
    onward.pipe(socket);
  });
  onward.once('data', (chunk) => {
    exchange.status = Number(/^HTTP\/1\.1 (\d+)/.exec(chunk.toString('latin1'))?.[1] ?? 0);
    exchange.answer = chunk.toString('utf8').split('\r\n\r\n')[1] ?? '';
    exchange.isWhole = true;
  });
  for (const end of [socket, onward]) end.on('error', () => [socket, onward].forEach((other) => other.destroy()));
}

function begin(incoming, exchanges) {
  const { method, url: path, headers } = incoming;
  const exchange = { method, path, headers, body: '', status: 0, answerHeaders: {}, answer: '', isWhole: false };
  exchanges.push(exchange);
  return exchange;
}

function toTarget(incoming, target) {
  return { ...incoming.headers, host: new URL(target).host };
}
