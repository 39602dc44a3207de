import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AuthHost, type Person } from '../testing/auth-host.ts';
import { DailyLimits } from './daily-limits.ts';

const LIMITS = {
  MAX_INVITATIONS_PER_PERSON_PER_DAY: '4',
  MAX_INVITATIONS_PER_DAY: '9',
  MAX_TEAMS_PER_PERSON_PER_DAY: '3',
};
let host: AuthHost;
/** Another process of the same deployment. */
let other: string;
let mailDir: string;
let people = 0;
let guests = 0;

beforeAll(async () => {
  mailDir = await mkdtemp(join(tmpdir(), 'orgn-mail-'));
  host = await AuthHost.start({ ...LIMITS, MAIL_DIR: mailDir });
  other = await host.another({ ...LIMITS, MAIL_DIR: mailDir });
});
afterAll(() => host.stop());
beforeEach(() => host.database.query('DELETE FROM daily_counts'));

const somebody = (isEmailVerified = true) => {
  people += 1;
  return host.person({ email: `person-${people}@orgn.test`, isEmailVerified });
};

async function call(person: Person, path: string, body: object, url = host.url) {
  const value = person.cookie.split('=')[1];
  const cookie = `orgn_session_${new URL(url).port}=${value}`;
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { cookie, 'x-orgn-csrf': '1', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { id: string; code?: string; detail?: string };
  return { ...answer, status: response.status, wait: Number(response.headers.get('retry-after')) };
}

async function teamOf(person: Person, name = 'Acme'): Promise<string> {
  return (await call(person, '/api/teams', { name })).id;
}

const invite = (person: Person, team: string, url = host.url) => {
  guests += 1;
  return call(person, `/api/teams/${team}/invitations`, { email: `guest-${guests}@orgn.test`, role: 'viewer' }, url);
};
const mails = () => readdirSync(mailDir).map((name) => readFileSync(join(mailDir, name), 'utf8'));
const counted = async (table: string) =>
  (await host.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;

describe('in a day', () => {
  test('a person invites so often, in all their teams together, at whichever process', async () => {
    const person = await somebody();
    const teams = [await teamOf(person), await teamOf(person)];
    const before = mails().length;
    const answers: number[] = [];
    for (let at = 0; at < 7; at += 1)
      answers.push((await invite(person, teams[at % 2]!, at % 2 ? other : host.url)).status);
    expect(answers).toEqual([201, 201, 201, 201, 429, 429, 429]);
    expect(mails().length - before).toBe(4);
    const { code, wait } = await invite(person, teams[0]!);
    expect(code).toBe('rate_limit_exceeded');
    expect([wait > 0, wait <= 86_400]).toEqual([true, true]);
  });

  test('sending an invitation again counts as well', async () => {
    const person = await somebody();
    const team = await teamOf(person);
    const { id } = await invite(person, team);
    const again = () => call(person, `/api/teams/${team}/invitations/${id}/resend`, {});
    expect([(await again()).status, (await again()).status, (await again()).status]).toEqual([200, 200, 200]);
    expect((await again()).status).toBe(429);
  });

  test('all people together invite so often', async () => {
    let passed = 0;
    for (let at = 0; at < 4; at += 1) {
      const person = await somebody();
      const team = await teamOf(person);
      for (let mail = 0; mail < 4; mail += 1) if ((await invite(person, team)).status === 201) passed += 1;
    }
    expect(passed).toBe(9);
  });

  test('what was refused for something else does not count', async () => {
    const person = await somebody();
    const team = await teamOf(person);
    await invite(person, team);
    for (let at = 0; at < 6; at += 1) {
      guests -= 1;
      expect((await invite(person, team)).status).toBe(409);
    }
    expect((await invite(person, team)).status).toBe(201);
  });

  test('of many that are asked for at once no more pass', async () => {
    const person = await somebody();
    const team = await teamOf(person);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, at) => invite(person, team, at % 2 ? other : host.url)),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
  });

  test('a person makes so many teams, and nothing is left of the one too many', async () => {
    const person = await somebody();
    const before = await counted('teams');
    const answers: number[] = [];
    for (let at = 0; at < 5; at += 1)
      answers.push((await call(person, '/api/teams', { name: 'T' }, at % 2 ? other : host.url)).status);
    expect(answers).toEqual([201, 201, 201, 429, 429]);
    expect((await counted('teams')) - before).toBe(3);
  });
});

describe('counts', () => {
  test('begin anew with the next day, and those of the days before yesterday are forgotten', async () => {
    const person = await somebody();
    for (let at = 0; at < 4; at += 1) await call(person, '/api/teams', { name: 'T' });
    await host.database.query(`UPDATE daily_counts SET day = day - 1`);
    expect((await call(person, '/api/teams', { name: 'T' })).status).toBe(201);
    await host.database.query(`UPDATE daily_counts SET day = day - 1`);
    await host.service.app.get(DailyLimits, { strict: false }).sweep();
    expect(await counted('daily_counts')).toBe(1);
  });
});

describe('nobody is written to on the word of', () => {
  test('a person whose address is not verified', async () => {
    const owner = await somebody();
    const team = await teamOf(owner);
    const admin = await somebody(false);
    await host.database.query(`INSERT INTO memberships (team_id, user_id, role) VALUES ($1, $2, 'admin')`, [
      team,
      admin.userId,
    ]);
    const before = mails().length;
    expect(await invite(admin, team)).toMatchObject({ status: 403, code: 'not_permitted' });
    const { id } = await invite(owner, team);
    expect((await call(admin, `/api/teams/${team}/invitations/${id}/resend`, {})).status).toBe(403);
    expect(mails().length - before).toBe(1);
  });

  test('a team of which no owner’s address is verified', async () => {
    const owner = await somebody(false);
    const team = await teamOf(owner);
    expect(await invite(owner, team)).toMatchObject({ status: 403 });
    const admin = await somebody();
    await host.database.query(`INSERT INTO memberships (team_id, user_id, role) VALUES ($1, $2, 'admin')`, [
      team,
      admin.userId,
    ]);
    expect(await invite(admin, team)).toMatchObject({ status: 403 });
    await host.database.query('UPDATE users SET email_verified = true WHERE id = $1', [owner.userId]);
    expect((await invite(admin, team)).status).toBe(201);
  });
});

test('an invitation’s subject has nothing that anybody has chosen, and its text no link but ours', async () => {
  const person = await somebody();
  const team = await teamOf(person, 'URGENT: pay at https://evil.example/pay now, your account will be closed');
  await invite(person, team);
  const mail = mails().find((text) => text.includes(`guest-${guests}@orgn.test`))!;
  expect(mail).toMatch(/^Subject: You are invited to a team on ORGN Gateway\r?$/m);
  expect(mail).not.toMatch(/evil\.example|closed/);
  const links = mail.replaceAll(/=\r?\n/g, '').match(/https?:\/\/[^/\s]+/g);
  expect(new Set(links)).toEqual(new Set([host.url]));
});
