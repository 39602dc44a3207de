import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, nkeyAuthenticator } from '@nats-io/transport-node';
import { makeCertificates, startNats, type TestCertificates, type TestNats } from '@orgn/testing';
import type { TlsSettings } from '../config/tls-settings.ts';
import { busTls } from './bus-tls.ts';

let certificates: TestCertificates;
let foreign: TestCertificates;
let disguised: TestCertificates;
let nats: TestNats;
let impostor: TestNats;
let plain: TestNats;

beforeAll(async () => {
  [certificates, foreign, disguised] = await Promise.all([makeCertificates(), makeCertificates(), makeCertificates()]);
  disguised.disguise('nats', 'postgres');
  [nats, impostor, plain] = await Promise.all([
    startNats([], { tls: certificates.dir }),
    startNats([], { tls: disguised.dir }),
    startNats(),
  ]);
}, 120_000);
afterAll(async () => {
  await Promise.all([nats, impostor, plain].map((server) => server.stop()));
  for (const one of [certificates, foreign, disguised]) one.remove();
});

/** Connects as the gateway does. Answers whether the connection is encrypted, or what kept it from coming to be. */
async function connectTo(server: TestNats, settings: TlsSettings): Promise<string> {
  try {
    const connection = await connect({
      servers: server.url,
      authenticator: nkeyAuthenticator(Buffer.from(server.seedOf('gateway'))),
      reconnect: false,
      ...busTls(settings),
    });
    const { tls_required: isRequired } = connection.info ?? {};
    await connection.close();
    return isRequired ? 'encrypted' : 'in the clear';
  } catch (error) {
    return (error as Error).message;
  }
}

const under = (authority: TestCertificates): TlsSettings => ({
  INTERNAL_TLS: 'on',
  TLS_DIR: authority.of('gateway'),
});

describe('a service on the bus', () => {
  test('speaks to the server of its deployment, by name, at any address', async () => {
    expect(await connectTo(nats, under(certificates))).toBe('encrypted');
  });

  test('does not speak to a server of another name, nor under a foreign authority', async () => {
    expect(await connectTo(impostor, under(disguised))).toMatch(/altnames/);
    expect(await connectTo(nats, under(foreign))).toMatch(/certificate/);
  });

  test('does not speak to a server that takes it in the clear', async () => {
    expect(await connectTo(plain, under(certificates))).toMatch(/tls/);
  });

  test('is not taken without TLS, and needs none where there is none', async () => {
    expect(await connectTo(nats, { INTERNAL_TLS: 'off' })).not.toMatch(/encrypted|clear$/);
    expect(await connectTo(plain, { INTERNAL_TLS: 'off' })).toBe('in the clear');
  });
});
