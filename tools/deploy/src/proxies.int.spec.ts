import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { issue, makeAuthority } from '@orgn/stack/certificates/issue.mjs';
import { eventually, freePort } from '@orgn/testing';
import { parse } from 'yaml';
import { startSimulator, type Simulator } from '../../../apps/auth/src/sign-in/testing/simulator.ts';
import { AuthHost } from '../../../apps/auth/src/testing/auth-host.ts';
import { caddyfile, exampleOf, nginxConfiguration, type Places } from '../proxies/examples.ts';
import { findProxy } from '../proxies/find-proxy.mjs';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/deployment.md'), 'utf8');
const curl = promisify(execFile);
const secret = 'secret-of-the-console-in-tests';
/** Where callers come from; the proxies, from 127.0.0.1. */
const caller = '127.0.0.2';

const proxies = {
  caddy: {
    file: 'Caddyfile',
    write: caddyfile,
    args: (file: string) => ['run', '--adapter', 'caddyfile', '--config', file],
  },
  nginx: { file: 'nginx.conf', write: nginxConfiguration, args: (file: string) => ['-c', file] },
};

let dir: string;
let ca: string;
let api: Server;
let host: AuthHost;
let simulator: Simulator;
let places: Places;
let open: { response: ServerResponse; forwarded: string | undefined } | undefined;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'orgn-proxies-'));
  const authority = await makeAuthority();
  const also = { dns: ['api.example.com', 'console.example.com'], ip: [] };
  const { certificate, key } = await issue(authority, 'proxy', { serves: true, also });
  const file = (name: string, text: string) => (writeFileSync(join(dir, name), text), join(dir, name));
  ca = file('ca.crt', authority.certificate);
  api = createServer((asked, response) => {
    // Whoever looks for another test's server at a port that is ours by now is not who came through the proxy.
    if (!asked.headers.host?.startsWith('api.example.com')) return void response.writeHead(404).end();
    // As the edge does, once the body is there: Caddy holds back an answer that overtakes its request's body.
    asked.resume().on('end', () => {
      open = { response, forwarded: asked.headers['x-forwarded-for'] as string | undefined };
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
  });
  api.listen(await freePort(), '127.0.0.1');
  const [https, issuer, port] = [await freePort(), await freePort(), await freePort()];
  const CONSOLE_URL = `https://console.example.com:${https}`;
  const client = { OIDC_CLIENT_ID: 'orgn-console', OIDC_CLIENT_SECRET: secret };
  host = await AuthHost.start({
    ...{ CONSOLE_URL, OIDC_ISSUER: `http://localhost:${issuer}`, TRUSTED_PROXIES: '127.0.0.1' },
    ...{ ...client, HTTP_PORT: String(port) },
  });
  simulator = await startSimulator(CONSOLE_URL, secret, issuer);
  places = {
    ...{ api: portOf(api), console: port, https, scratch: dir },
    ...{ certificate: file('tls.crt', certificate), key: file('tls.key', key) },
  };
});
afterAll(async () => {
  await host.stop();
  await simulator.stop();
  api.closeAllConnections();
  api.close();
  rmSync(dir, { recursive: true });
});

const portOf = (server: Server) => (server.address() as { port: number }).port;

describe.each(['caddy', 'nginx'] as const)('%s, as the page has it', (name) => {
  let child: ChildProcess | undefined;
  let isThere = false;

  beforeAll(async () => {
    const program = await findProxy(name, join(root, '.local', 'bin'));
    isThere = program !== undefined;
    if (program === undefined)
      return void process.stderr.write(`${name} is not to be had here: its example is not tried.\n`);
    const { file, write, args } = proxies[name];
    writeFileSync(join(dir, file), write(exampleOf(page, name), places));
    child = spawn(program, args(join(dir, file)), { env: { HOME: dir, PATH: process.env.PATH }, stdio: 'ignore' });
    await eventually(() => connects(places.https));
  });
  afterAll(async () => {
    if (!child) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  });

  test('passes a stream on piece by piece, and says from where its caller is', async () => {
    if (!isThere) return;
    open = undefined;
    const heard: string[] = [];
    listen(places.https, (text) => heard.push(text));
    await eventually(() => expect(open).toBeDefined());
    for (let piece = 1; piece <= 4; piece += 1) {
      // The next piece is not written before this one has arrived.
      open!.response.write(`data: ${piece}\n\n`);
      await eventually(() => expect(heard.join('')).toContain(`data: ${piece}\n`));
    }
    open!.response.end();
    expect(open!.forwarded).toBe(caller);
  });

  test('lets people sign in over https, and the audit log has their address', async () => {
    if (!isThere) return;
    host.audit.length = 0;
    const jar = join(dir, `${name}.jar`);
    const { stdout } = await curl('curl', [
      ...['-sSL', '--cacert', ca, '--interface', caller, '-H', 'x-forwarded-for: 203.0.113.9', '-c', jar, '-b', jar],
      ...[
        '--resolve',
        `console.example.com:${places.https}:127.0.0.1`,
        '-o',
        '/dev/null',
        '-w',
        '%{http_code} %{url_effective}',
      ],
      `${host.url}/api/auth/login?login_hint=owner%40orgn.test`,
    ]);
    expect(stdout).toBe(`200 ${host.url}/`);
    expect(readFileSync(jar, 'utf8')).toContain('__Host-orgn_session');
    expect(host.audit.map(({ client }) => client?.address)).toContain(caller);
    expect(JSON.stringify(host.audit)).not.toContain('203.0.113.9');
  });
});

test('Traefik’s example is for both hosts, and has streams flushed at once', () => {
  const [, text = ''] = /^```yaml traefik\n([\s\S]*?)^```$/m.exec(page) ?? [];
  const { http } = parse(text) as { http: { routers: Record<string, { rule: string }>; services: object } };
  expect(Object.values(http.routers).map(({ rule }) => rule)).toEqual([
    'Host(`api.example.com`)',
    'Host(`console.example.com`)',
  ]);
  expect(http.services).toMatchObject({
    api: {
      loadBalancer: { servers: [{ url: 'http://127.0.0.1:8080' }], responseForwarding: { flushInterval: '-1ms' } },
    },
    console: { loadBalancer: { servers: [{ url: 'http://127.0.0.1:8081' }] } },
  });
});

/** Asks the API host for a stream, claiming to be somebody else. */
function listen(port: number, heard: (text: string) => void): void {
  const asked = request({
    ...{ host: '127.0.0.1', port, servername: 'api.example.com', localAddress: caller, ca: readFileSync(ca) },
    ...{ path: '/v1/chat/completions', method: 'POST' },
    headers: { host: `api.example.com:${port}`, 'x-forwarded-for': '203.0.113.9', 'content-type': 'application/json' },
  });
  asked.on('response', (response) => response.setEncoding('utf8').on('data', heard));
  // Seen where what was to be heard is missing.
  asked.on('error', (error) => heard(String(error)));
  asked.end('{"stream":true}');
}

async function connects(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}
