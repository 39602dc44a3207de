import { describe, expect, test } from '@jest/globals';
import type { KeyView } from '@orgn/contracts';
import { ServiceLog } from '@orgn/service-kit';
import type { AuthConfig } from '../config.ts';
import type { MembersRepository } from '../roster/members.repository.ts';
import { Postman, type Mail } from './mail.ts';
import { OwnerNotices } from './owner-notices.ts';

const key = {
  id: 'key_1',
  teamId: 'team_acme',
  name: 'see https://evil.example/now',
  hint: 'sk-ollm-…o5p6',
} as KeyView;
const config = { CONSOLE_URL: 'https://console.example' } as AuthConfig;

/** A postman for whom letters to an address fail as often as it says. */
class Clumsy extends Postman {
  readonly isReal = true;
  readonly sent: Mail[] = [];
  readonly tries = new Map<string, number>();

  constructor(private readonly failures: Record<string, number>) {
    super();
  }

  send(mail: Mail): Promise<void> {
    const tries = (this.tries.get(mail.to) ?? 0) + 1;
    this.tries.set(mail.to, tries);
    if (tries <= (this.failures[mail.to] ?? 0)) return Promise.reject(new Error('refused'));
    this.sent.push(mail);
    return Promise.resolve();
  }
}

function noticesFor(postman: Postman, owners: Record<string, boolean>, outages = 0) {
  let failing = outages;
  const members = {
    owners: () => {
      failing -= 1;
      if (failing >= 0) return Promise.reject(new Error('the database is away'));
      return Promise.resolve(
        Object.entries(owners).map(([email, isEmailVerified]) => ({
          user: { id: `user of ${email}`, email, isEmailVerified },
        })),
      );
    },
  } as unknown as MembersRepository;
  const lines: [string, unknown][] = [];
  const log = new ServiceLog('auth', 'auth-1', 'error');
  log.error = (event, _error, fields) => void lines.push([event, fields]);
  log.warn = (event, fields) => void lines.push([event, fields]);
  return { notices: new OwnerNotices(members, postman, config, log), lines };
}

describe('owners of a team', () => {
  test('hear of the end of a key each on their own, whatever becomes of the others, and again where it failed', async () => {
    const postman = new Clumsy({ 'a@orgn.test': 99, '': 99, 'c@orgn.test': 1 });
    const owners = { 'a@orgn.test': true, '': true, 'b@orgn.test': true, 'c@orgn.test': true, 'd@orgn.test': true };
    const { notices, lines } = noticesFor(postman, owners);
    notices.keyEnded(key, 'surrendered');
    await new Promise((resolve) => setTimeout(resolve, 100));
    // At once, while others fail.
    expect(postman.sent.map(({ to }) => to)).toEqual(['b@orgn.test', 'd@orgn.test']);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(postman.sent.map(({ to }) => to)).toContain('c@orgn.test');
    await notices.onApplicationShutdown();
    expect(lines).toEqual([
      ['owner could not be told', { keyId: 'key_1', teamId: 'team_acme', userId: 'user of a@orgn.test' }],
      ['owner could not be told', { keyId: 'key_1', teamId: 'team_acme', userId: 'user of ' }],
    ]);
    expect(postman.tries.get('a@orgn.test')).toBe(3);
  });

  test('hear of it when the database was away', async () => {
    const postman = new Clumsy({});
    const { notices } = noticesFor(postman, { 'a@orgn.test': true }, 1);
    notices.keyEnded(key, 'reported_revoked');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(postman.sent).toHaveLength(1);
    await notices.onApplicationShutdown();
  });

  test('hear of it at verified addresses alone: an address that somebody claims is somebody else’s', async () => {
    const postman = new Clumsy({});
    const { notices, lines } = noticesFor(postman, { 'victim@orgn.test': false, 'a@orgn.test': true });
    notices.keyEnded(key, 'reported_disabled');
    await notices.onApplicationShutdown();
    expect([postman.sent.map(({ to }) => to), lines.length]).toEqual([['a@orgn.test'], 1]);
  });

  test('read nothing in the subject that anybody has chosen, and no link but ours', async () => {
    const postman = new Clumsy({});
    const { notices } = noticesFor(postman, { 'a@orgn.test': true });
    notices.keyEnded(key, 'surrendered');
    await notices.onApplicationShutdown();
    expect(postman.sent[0]!.subject).toBe('An API key of your team has ended');
    expect(postman.sent[0]!.text.match(/\w+\.\w+/g)).toEqual(['console.example']);
  });

  test('do not keep a stopping service waiting for the next try', async () => {
    const { notices } = noticesFor(new Clumsy({ 'a@orgn.test': 99 }), { 'a@orgn.test': true });
    notices.keyEnded(key, 'surrendered');
    const began = performance.now();
    await notices.onApplicationShutdown();
    expect(performance.now() - began).toBeLessThan(900);
  });
});
