import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeCertificates, startPostgres, type TestCertificates, type TestPostgres } from '@orgn/testing';
import { DataSource } from 'typeorm';
import { databaseTls, type TlsSettings } from './database-tls.ts';
import { migrate } from './migrate.ts';
import { toDataSourceOptions } from './service-database.ts';

const schemas = [{ name: 'auth', migrations: [] }];

let certificates: TestCertificates;
let foreign: TestCertificates;
let disguised: TestCertificates;
let postgres: TestPostgres;
let impostor: TestPostgres;

beforeAll(async () => {
  [certificates, foreign, disguised] = await Promise.all([makeCertificates(), makeCertificates(), makeCertificates()]);
  disguised.disguise('postgres', 'nats');
  postgres = await startPostgres({ schemas, tls: certificates.dir });
  impostor = await startPostgres({ schemas, tls: disguised.dir });
}, 120_000);
afterAll(async () => {
  await postgres.stop();
  await impostor.stop();
  for (const one of [certificates, foreign, disguised]) one.remove();
});

/** Opens a service's pool. Answers how its session is encrypted, or what kept it from coming to be. */
async function connectTo(server: TestPostgres, settings: TlsSettings): Promise<string> {
  const url = server.urlOf('auth');
  const source = new DataSource(
    toDataSourceOptions({ url, instance: 'test', entities: [], tls: databaseTls(settings) }),
  );
  try {
    await source.initialize();
    const [session] = await source.query<{ version: string | null }[]>(
      'SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    );
    return session?.version ?? 'in the clear';
  } catch (error) {
    return (error as Error).message;
  } finally {
    if (source.isInitialized) await source.destroy();
  }
}

const under = (authority: TestCertificates): TlsSettings => ({ INTERNAL_TLS: 'on', TLS_DIR: authority.of('auth') });

describe('a service’s database', () => {
  test('is reached by the name in its certificate, at any address', async () => {
    expect(await connectTo(postgres, under(certificates))).toBe('TLSv1.3');
  });

  test('does not pass under another name, nor under a foreign authority', async () => {
    expect(await connectTo(impostor, under(disguised))).toMatch(/altnames/);
    expect(await connectTo(postgres, under(foreign))).toMatch(/certificate/);
  });

  test('takes no service in the clear', async () => {
    expect(await connectTo(postgres, { INTERNAL_TLS: 'off' })).toMatch(/no encryption/);
  });

  test('is migrated over TLS too, and by nobody else’s server', async () => {
    const roles = schemas.map((schema) => ({ ...schema, password: 'a-password-of-auth' }));
    await expect(migrate(impostor.adminUrl, roles, databaseTls(under(disguised)))).rejects.toThrow(/altnames/);
    expect(await migrate(postgres.adminUrl, roles, databaseTls(under(certificates)))).toEqual(expect.any(Array));
  });

  test('needs to know its authority, unless TLS is off', () => {
    expect(() => databaseTls({ INTERNAL_TLS: 'on' })).toThrow('TLS_DIR is not set');
    expect(databaseTls({ INTERNAL_TLS: 'off' })).toBe(false);
  });
});
