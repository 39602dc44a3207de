/**
 * The least that a gateway on Node can cost: node:http in, undici's dispatch out, no key, no parsing, no metering.
 *   node floor.mjs <port> <upstream origin>
 */
import { createServer } from 'node:http';
import { Pool } from 'undici';

const upstream = new Pool(process.argv[3], { connections: 512, pipelining: 1 });

function relay(request, response, body) {
  const headers = { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' };
  upstream.dispatch(
    { path: request.url, method: 'POST', headers, body },
    {
      onRequestStart(controller) {
        response.on('close', () => response.writableFinished || controller.abort(new Error('the caller left')));
        response.on('drain', () => controller.resume());
      },
      onResponseStart(_controller, status, answer) {
        const shown = ['content-type', 'content-length'].filter((name) => answer[name] !== undefined);
        response.writeHead(status, Object.fromEntries(shown.map((name) => [name, answer[name]])));
      },
      onResponseData(controller, chunk) {
        if (!response.write(chunk)) controller.pause();
      },
      onResponseEnd: () => response.end(),
      onResponseError: () => response.destroy(),
    },
  );
}

createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => relay(request, response, Buffer.concat(chunks)));
}).listen(Number(process.argv[2]), '127.0.0.1');
