import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect as connectNats } from '@nats-io/transport-node';
import { makeCertificates, type TestCertificates } from '@orgn/testing';
import pg from 'pg';
import { eventually, npm, Stack } from './stack.ts';

const stack = new Stack();
let foreign: TestCertificates;

beforeAll(async () => {
  [foreign] = await Promise.all([makeCertificates(), stack.start()]);
}, 240_000);
afterAll(async () => {
  foreign.remove();
  await stack.remove();
}, 60_000);

const file = (party: string, name: string) => readFileSync(join(stack.dir, 'tls', party, name), 'utf8');
const foreignCa = () => readFileSync(join(foreign.of('nats'), 'ca.crt'), 'utf8');
const environmentOf = (service: string) => {
  const { pid } = stack.file.processes.find((process) => process.service === service)!;
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s).slice(0, 2))) as Record<string, string>;
};
const routerPort = () => Number(environmentOf('inference-router').HTTP_PORT);
const ask = async () => {
  const response = await stack.chat({ model: 'near_qwen3_30b', messages: [{ role: 'user', content: 'Hello' }] });
  await response.text();
  return response.status;
};

/** What a server sends back to these bytes, until it has said something or closes. */
async function say(port: number, bytes: string): Promise<string> {
  const socket = connectTcp(port, '127.0.0.1');
  socket.on('error', () => undefined).write(bytes);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  await Promise.race([once(socket, 'close'), new Promise((resolve) => setTimeout(resolve, 1_500))]);
  socket.destroy();
  return text;
}

const query = async (url: string, ssl: pg.ClientConfig['ssl'] = false) => {
  const client = new pg.Client({ connectionString: url, ssl });
  try {
    await client.connect();
    return (await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')).rows as unknown[];
  } finally {
    await client.end().catch(() => undefined);
  }
};
const postgres = (options: { ca: string; name: string }) => ({
  ca: options.ca,
  checkServerIdentity: (_: string, certificate: { subjectaltname?: string }) =>
    certificate.subjectaltname?.includes(`DNS:${options.name}`) ? undefined : new Error('wrong name'),
});

test('a stack that encrypts everything inside answers', async () => {
  expect(await ask()).toBe(200);
  expect(new URL(stack.file.bus.url).protocol).toBe('tls:');
});

describe('the bus', () => {
  const natsOf = (tls: object | null) => {
    const { natsUrl } = stack.file;
    const { host, username, password } = new URL(natsUrl);
    return connectNats({ servers: host, user: username, pass: password, tls: tls as null, reconnect: false });
  };

  test('is reached by natsUrl under the authority that stack.json has', async () => {
    const connection = await natsOf({ ca: stack.file.bus.ca });
    await connection.close();
  });

  test('does not pass for a server of another name, nor under a foreign authority', async () => {
    await expect(natsOf({ ca: stack.file.bus.ca, servername: 'postgres' })).rejects.toThrow(/altnames|postgres/);
    await expect(natsOf({ ca: foreignCa() })).rejects.toThrow(/self-signed|certificate/);
  });

  test('takes nobody in the clear', async () => {
    const { port } = new URL(stack.file.natsUrl);
    const answer = await say(Number(port), 'CONNECT {"verbose":true,"tls_required":false}\r\nPING\r\n');
    expect(answer).toContain('"tls_required":true');
    expect(answer).not.toContain('PONG');
  });
});

describe('the database', () => {
  const asMetering = () => environmentOf('usage-metering').DATABASE_URL!;

  test('is reached by services with TLS', async () => {
    const { ca } = stack.file.bus;
    expect(await query(asMetering(), postgres({ ca: ca!, name: 'postgres' }))).toEqual([{ ssl: true }]);
    const used = await inAdmin(
      "SELECT count(*)::int AS plain FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE NOT ssl AND usename <> 'orgn_admin' AND usename IS NOT NULL",
    );
    expect(used).toEqual([{ plain: 0 }]);
  });

  test('takes no service in the clear, but the admin of this host', async () => {
    await expect(query(asMetering())).rejects.toMatchObject({ code: '28000' });
    expect(await query(stack.file.postgresUrl)).toEqual([{ ssl: false }]);
  });

  test('does not pass for a server of another name, nor under a foreign authority', async () => {
    await expect(query(asMetering(), postgres({ ca: stack.file.bus.ca!, name: 'nats' }))).rejects.toThrow('wrong name');
    await expect(query(asMetering(), postgres({ ca: foreignCa(), name: 'postgres' }))).rejects.toThrow(/certificate/);
  });
});

async function inAdmin(text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: stack.file.postgresUrl });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows as unknown[];
}

/** Whether a router answers a caller who has this certificate. */
async function routerTakes(options: ConnectionOptions): Promise<boolean> {
  const socket = connectTls({ port: routerPort(), host: '127.0.0.1', rejectUnauthorized: false, ...options });
  socket.on('error', () => undefined);
  socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
  const isAnswered = await new Promise<boolean>((resolve) => {
    socket.on('data', () => resolve(true)).on('close', () => resolve(false));
  });
  socket.destroy();
  return isAnswered;
}

const identity = (party: string) => ({ cert: file(party, 'tls.crt'), key: file(party, 'tls.key') });

describe('a router', () => {
  test('takes the gateway and nobody else', async () => {
    expect(await routerTakes(identity('gateway'))).toBe(true);
    for (const party of ['auth', 'key-registry', 'usage-metering', 'operator', 'nats']) {
      expect([party, await routerTakes(identity(party))]).toEqual([party, false]);
    }
    const folder = foreign.of('gateway');
    const stranger = { cert: readFileSync(join(folder, 'tls.crt')), key: readFileSync(join(folder, 'tls.key')) };
    expect([await routerTakes(stranger), await routerTakes({})]).toEqual([false, false]);
    expect(await say(routerPort(), 'GET / HTTP/1.1\r\nhost: x\r\n\r\n')).not.toContain('200');
  });
});

describe('npm run secrets -- --renew', () => {
  const serialAt = async (options: ConnectionOptions) => {
    const socket = connectTls({ rejectUnauthorized: false, ...options });
    await once(socket, 'secureConnect');
    const { serialNumber } = socket.getPeerX509Certificate()!;
    socket.destroy();
    return serialNumber;
  };
  const startOf = (pid: number) => execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const pids = () => stack.file.processes.map(({ service, pid }) => [service, pid, startOf(pid)]);

  test('has every server show a new certificate of the same authority, and no process starts again', async () => {
    const router = () => serialAt({ port: routerPort(), host: '127.0.0.1', ...identity('gateway') });
    const before = { router: await router(), pids: pids(), ca: stack.file.bus.ca };
    const renewed = await npm(['secrets', '--', '--renew', '--dir', stack.dir]);
    expect([renewed.code, renewed.stderr]).toEqual([0, expect.stringContaining('nats')]);
    await eventually(async () => expect(await router()).not.toBe(before.router));
    const natsSerial = new X509Certificate(file('nats', 'tls.crt')).serialNumber;
    await eventually(async () => {
      const { port } = new URL(stack.file.natsUrl);
      const socket = connectTcp(Number(port), '127.0.0.1');
      await once(socket, 'data');
      expect(await serialAt({ socket })).toBe(natsSerial);
    });
    const postgresSerial = new X509Certificate(file('postgres', 'tls.crt')).serialNumber;
    await eventually(async () => {
      const socket = connectTcp(Number(new URL(stack.file.postgresUrl).port), '127.0.0.1');
      socket.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
      await once(socket, 'data');
      expect(await serialAt({ socket, ALPNProtocols: ['postgresql'] })).toBe(postgresSerial);
    });
    expect([stack.file.bus.ca, pids()]).toEqual([before.ca, before.pids]);
    expect(await ask()).toBe(200);
  });
});
