import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { makeCertificates, type TestCertificates } from '@orgn/testing';
import { ServiceLog } from '../logging/service-log.ts';
import { admit } from './admit.ts';
import { InternalTls } from './internal-tls.ts';

const log = new ServiceLog('test', 'test-1', 'error');
let certificates: TestCertificates;
let foreign: TestCertificates;
let folder: string;
let tls: InternalTls;
let server: Server;

beforeAll(async () => {
  [certificates, foreign] = await Promise.all([makeCertificates(), makeCertificates()]);
});
afterAll(() => {
  certificates.remove();
  foreign.remove();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'orgn-router-'));
  cpSync(certificates.of('inference-router'), folder, { recursive: true });
  tls = new InternalTls({ INTERNAL_TLS: 'on', TLS_DIR: folder });
  server = createServer(tls.asServer(), (_request, response) => void response.end('taken'));
  admit(server, 'gateway', { tls, log });
  server.listen(0);
  await once(server, 'listening');
});
afterEach(() => {
  tls.close();
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

const port = () => (server.address() as AddressInfo).port;
const as = (party: string, from = certificates) => {
  const identity = new InternalTls({ INTERNAL_TLS: 'on', TLS_DIR: from.of(party) });
  identity.close();
  return { ...identity.asClientOf('inference-router'), rejectUnauthorized: from === certificates };
};

/** What the host answers a caller with these options, or the code of the error that the caller meets. */
function ask(options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const asking = request({ host: '127.0.0.1', port: port(), agent: false, ...options }, (response) => {
      response.setEncoding('utf8').on('data', resolve);
    });
    asking.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end();
  });
}

/** A session that began at a host with the same secrets, which asks nobody for a name. */
async function sessionOf(party: string): Promise<Buffer> {
  const other = createServer(tls.asServer(), (_request, response) => void response.end());
  other.setTicketKeys(server.getTicketKeys());
  other.listen(0);
  await once(other, 'listening');
  const socket = connect({ host: '127.0.0.1', port: (other.address() as AddressInfo).port, ...as(party) });
  const [session] = (await once(socket, 'session')) as [Buffer];
  socket.destroy();
  other.close();
  return session;
}

const serialOf = async () => {
  const socket = connect({ host: '127.0.0.1', port: port(), ...as('gateway') });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerX509Certificate()!;
  socket.destroy();
  return serialNumber;
};

describe('a host that takes the gateway', () => {
  test('takes it', async () => {
    expect(await ask(as('gateway'))).toBe('taken');
  });

  test.each([
    ['another service of the deployment', () => as('auth'), 'ECONNRESET'],
    [
      'a server of the deployment',
      () => as('nats'),
      /ALERT_CERTIFICATE_UNKNOWN|UNSUPPORTED_CERTIFICATE|ECONNRESET|BAD_CERTIFICATE/,
    ],
    ['a gateway of another deployment', () => as('gateway', foreign), /ALERT_UNKNOWN_CA|ECONNRESET/],
    [
      'who has no certificate',
      () => ({ ...as('gateway'), cert: undefined, key: undefined }),
      /CERTIFICATE_REQUIRED|ECONNRESET/,
    ],
  ])('refuses %s', async (_, options, code) => {
    expect(await ask(options())).toMatch(code);
  });

  test('refuses who speaks in the clear', async () => {
    await expect(fetch(`http://127.0.0.1:${port()}/`)).rejects.toThrow('fetch failed');
  });

  test('looks at a resumed session as at a new one', async () => {
    for (const [party, answer] of [
      ['gateway', 'taken'],
      ['auth', 'ECONNRESET'],
    ] as const) {
      const session = await sessionOf(party);
      let isReused = false;
      server.prependOnceListener('secureConnection', (socket: TLSSocket) => (isReused = socket.isSessionReused()));
      expect([party, await ask({ ...as(party), session }), isReused]).toEqual([party, answer, true]);
    }
  });

  test('serves a renewed certificate to the next caller, without a restart; half a renewal is none', async () => {
    const before = await serialOf();
    await certificates.renew();
    cpSync(join(certificates.of('inference-router'), 'tls.key'), join(folder, 'tls.key'));
    tls.look();
    expect(await serialOf()).toBe(before);
    cpSync(certificates.of('inference-router'), folder, { recursive: true });
    tls.look();
    expect(await serialOf()).not.toBe(before);
    expect(await ask(as('gateway'))).toBe('taken');
  });
});

describe('a service', () => {
  test.each([
    ['without a folder of certificates', undefined, 'TLS_DIR is not set'],
    ['with a folder that holds none', '/nowhere', 'TLS_DIR must be a folder with ca.crt, tls.crt and tls.key (ENOENT)'],
  ])('%s does not start while TLS is on, and does without', (_, dir, fault) => {
    const settings = { ...(dir !== undefined && { TLS_DIR: dir }) };
    expect(() => new InternalTls({ INTERNAL_TLS: 'on', ...settings })).toThrow(fault);
    expect(new InternalTls({ INTERNAL_TLS: 'off', ...settings }).isOn).toBe(false);
  });

  test('does not start with the key of another certificate', () => {
    cpSync(join(certificates.of('auth'), 'tls.key'), join(folder, 'tls.key'));
    expect(() => new InternalTls({ INTERNAL_TLS: 'on', TLS_DIR: folder })).toThrow('do not belong together');
  });
});
