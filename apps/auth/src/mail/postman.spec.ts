import { mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { ServiceLog } from '@orgn/service-kit';
import type { AuthConfig } from '../config.ts';
import { postmanFor } from './postman.ts';

const MAIL_FROM = 'ORGN Gateway <no-reply@orgn.test>';
const mail = { to: 'someone@orgn.test', subject: 'Grüße', text: 'Hello.\n.\nBye.' };
const configured = (settings: Partial<AuthConfig>) =>
  postmanFor(
    { NODE_ENV: 'development', MAIL_FROM, ...settings } as AuthConfig,
    new ServiceLog('auth', 'auth-1', 'error'),
  );

describe('mail', () => {
  test('ends in private files where nobody sends it', async () => {
    const parent = await mkdtemp(join(tmpdir(), 'orgn-mail-'));
    const postman = configured({ MAIL_DIR: join(parent, 'mail') });
    await postman.send(mail);
    const [file] = await readdir(join(parent, 'mail'));
    const path = join(parent, 'mail', file!);
    expect(await readFile(path, 'utf8')).toMatch(/^From: ORGN Gateway <no-reply@orgn.test>\r?\nTo: someone@orgn.test/m);
    expect((await stat(path)).mode & 0o077).toBe(0);
    expect(postman.isReal).toBe(false);
  });

  test('goes nowhere, without failing, where there is no place for it', async () => {
    await expect(configured({}).send(mail)).resolves.toBeUndefined();
  });

  test('does not keep production from starting: whoever invites somebody hands the link over', async () => {
    const postman = configured({ NODE_ENV: 'production' });
    await expect(postman.send(mail)).resolves.toBeUndefined();
    expect(postman.isReal).toBe(false);
  });

  test('is handed to the server, and a refusal is an error', async () => {
    const heard: string[] = [];
    let reply = '250 ok';
    const server = await smtpServer(heard, () => reply);
    const postman = configured({ SMTP_URL: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}` });
    await postman.send(mail);
    expect(heard).toEqual(
      expect.arrayContaining(['MAIL FROM:<no-reply@orgn.test>', 'RCPT TO:<someone@orgn.test>', 'Hello.']),
    );
    reply = '550 no';
    await expect(postman.send(mail)).rejects.toThrow();
    expect(postman.isReal).toBe(true);
    server.close();
  });
});

/** A mail server that says one thing of every recipient. */
async function smtpServer(heard: string[], verdict: () => string): Promise<Server> {
  const server = createServer((socket) => serve(socket, heard, verdict)).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

function serve(socket: Socket, heard: string[], verdict: () => string): void {
  let isData = false;
  let rest = '';
  const say = (line: string) => socket.write(`${line}\r\n`);
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString()).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      heard.push(line);
      if (isData) {
        if (line === '.') say('250 queued');
        isData = line !== '.';
      } else if (line === 'DATA') {
        isData = true;
        say('354 go on');
      } else say(line.startsWith('RCPT') ? verdict() : '250 ok');
    }
  });
  say('220 test');
}
