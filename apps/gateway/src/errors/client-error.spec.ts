import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { answerClientError } from './client-error.ts';

/** What Node's parser can find wrong with a request. */
const parserCodes = [
  'HPE_INTERNAL',
  'HPE_STRICT',
  'HPE_CR_EXPECTED',
  'HPE_LF_EXPECTED',
  'HPE_UNEXPECTED_CONTENT_LENGTH',
  'HPE_UNEXPECTED_SPACE',
  'HPE_CLOSED_CONNECTION',
  'HPE_INVALID_METHOD',
  'HPE_INVALID_URL',
  'HPE_INVALID_CONSTANT',
  'HPE_INVALID_VERSION',
  'HPE_INVALID_HEADER_TOKEN',
  'HPE_INVALID_CONTENT_LENGTH',
  'HPE_INVALID_CHUNK_SIZE',
  'HPE_INVALID_STATUS',
  'HPE_INVALID_EOF_STATE',
  'HPE_INVALID_TRANSFER_ENCODING',
  'HPE_USER',
];
const rows: [code: string, status: number, name: string][] = [
  ...parserCodes.map((code): [string, number, string] => [code, 400, 'invalid_request']),
  ['HPE_HEADER_OVERFLOW', 413, 'request_too_large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 413, 'request_too_large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 408, 'request_timeout'],
];

let server: Server;
let code: string;
beforeAll(async () => {
  server = createServer();
  server.on('connection', (socket) => answerClientError(Object.assign(new Error('canary'), { code }), socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

describe('what Node refuses before there is a request', () => {
  test.each(rows)('%s is %i %s, in our envelope', async (fault, status, name) => {
    code = fault;
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await once(socket, 'close');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/\r\nx-request-id: [0-9a-f-]{36}\r\n/);
    expect(JSON.parse(body)).toMatchObject({ error: { code: name, request_id: expect.any(String) } });
    expect(text).not.toContain('canary');
  });
});
