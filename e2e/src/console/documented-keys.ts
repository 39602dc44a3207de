import { expect } from '@jest/globals';
import { eventually, type Stack } from '../stack.ts';
import type { Person } from './chromium.ts';

const hello = [{ role: 'user', content: 'Hello' }];

/** Somebody who reads the product's page on API keys, and does what it says: in the console, and with a key at the API host. */
export class Reader {
  /** Secrets of the keys that were made, by name. */
  readonly secrets = new Map<string, string>();

  constructor(
    readonly stack: Stack,
    readonly owner: Person,
    readonly viewer: Person,
  ) {}

  secretOf(name: string): string {
    return this.secrets.get(name)!;
  }

  async toKeys({ page } = this.owner): Promise<void> {
    await page.getByRole('navigation').getByRole('link', { name: 'API Keys' }).click();
    await page.getByRole('heading', { level: 1, name: 'API Keys' }).waitFor();
  }

  /** Makes a key and copies its secret, as long as the dialog is open. */
  async generate(name: string): Promise<void> {
    const { page } = this.owner;
    await this.toKeys();
    await page.getByRole('button', { name: 'Generate key' }).click();
    await page.getByLabel('Name').fill(name);
    await page.getByRole('button', { name: 'Generate', exact: true }).click();
    await page.getByRole('button', { name: 'Show' }).click();
    this.secrets.set(name, await page.getByLabel('Secret key').inputValue());
    await page.getByRole('button', { name: 'I have saved it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await this.row(name).waitFor();
  }

  /** A key's line in the list. */
  row(name: string) {
    const { page } = this.owner;
    return page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  }

  /** Opens the page of one key. */
  async toKey(name: string): Promise<void> {
    await this.toKeys();
    await this.row(name).getByRole('link', { name, exact: true }).click();
    await this.owner.page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  }

  async revoke(name: string): Promise<void> {
    const { page } = this.owner;
    await page.getByRole('button', { name: `Revoke ${name}`, exact: true }).click();
    const confirm = page.getByRole('dialog').getByRole('button', { name: /^Revoke/ });
    await confirm.click();
    const again = page.getByText('It was used within the last day');
    await again
      .or(page.getByText(`“${name}” is revoked`))
      .first()
      .waitFor();
    if (await again.isVisible()) await confirm.click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** @returns status and code of an answer at the API host to whatever is sent as `authorization` */
  async call(authorization: string | null, model = 'near_qwen3_30b'): Promise<[number, string | undefined]> {
    const response = await fetch(`${this.stack.file.api}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization !== null && { authorization }) },
      body: JSON.stringify({ model, messages: hello }),
    });
    const body = (await response.json()) as { error?: { code: string } };
    return [response.status, body.error?.code];
  }
}

const good: [number, undefined] = [200, undefined];
const environments = ['production-backend', 'ci-pipeline', 'local-dev'];

/** What that page says of making and using a key, in its words. */
const making: Record<string, (reader: Reader) => Promise<void>> = {
  'Open API Keys: sign in and navigate to API Keys': (reader) => reader.toKeys(),
  'Generate: click Generate Key and enter a descriptive name, one key per environment': async (reader) => {
    for (const name of environments) await reader.generate(name);
    expect(new Set(reader.secrets.values()).size).toBe(3);
  },
  'Key format: keys use the sk-ollm- prefix': async (reader) => {
    for (const secret of reader.secrets.values()) expect(secret).toMatch(/^sk-ollm-[0-9a-z]{32}$/);
    await Promise.resolve();
  },
  'Copy immediately: the full value is displayed once, and keys cannot be recovered after creation': async (reader) => {
    await reader.owner.page.reload();
    await reader.row('local-dev').waitFor();
    const traces = await reader.owner.traces();
    for (const secret of reader.secrets.values()) expect(traces).not.toContain(secret.slice(8, 24));
  },
  'Every request must include a valid key as Authorization: Bearer': async (reader) => {
    for (const secret of reader.secrets.values()) expect(await reader.call(`Bearer ${secret}`)).toEqual(good);
  },
  'List models: ids use underscores, not slashes': async (reader) => {
    const headers = { authorization: `Bearer ${reader.secretOf('ci-pipeline')}` };
    const { data } = (await (await fetch(`${reader.stack.file.api}/v1/models`, { headers })).json()) as {
      data: { id: string }[];
    };
    const ids = data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['near_qwen3_30b', 'phala_deepseek_r1', 'vercel_claude_sonnet_4_6']));
    expect(ids.filter((id) => id.includes('/'))).toEqual([]);
  },
  'API keys and console sessions are separate credentials': async (reader) => {
    const headers = { authorization: `Bearer ${reader.secretOf('local-dev')}` };
    expect((await fetch(`${reader.stack.file.console}/api/session`, { headers })).status).toBe(401);
    const cookies = await reader.owner.context.cookies(reader.stack.file.console);
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    expect((await fetch(`${reader.stack.file.api}/v1/models`, { headers: { cookie } })).status).toBe(401);
  },
  'The model you select determines whether inference runs in a TEE or under ZDR, not the key': async (reader) => {
    const key = reader.secretOf('local-dev');
    for (const [model, execution] of [
      ['near_qwen3_30b', 'tee'],
      ['vercel_claude_sonnet_4_6', 'zdr'],
    ] as const) {
      const response = await reader.stack.chat({ model, messages: hello }, { key });
      await response.arrayBuffer();
      expect([response.status, response.headers.get('x-ollm-execution')]).toEqual([200, execution]);
    }
  },
};

/** What it says of managing keys. */
const managing: Record<string, (reader: Reader) => Promise<void>> = {
  'View active keys: see key names and creation dates, not the secret values': async (reader) => {
    await reader.toKeys();
    for (const name of environments) {
      const text = await reader.row(name).innerText();
      expect(text).toMatch(/sk-ollm-…[0-9a-z]{4}/);
      expect(text).toMatch(/just now|ago/);
      expect(text).toContain('by Olivia Owner');
      expect(text).not.toContain(reader.secretOf(name).slice(8, 24));
    }
  },
  'Rotate: create a new key with a distinct name, update all callers, confirm, revoke the old key, zero downtime':
    async (reader) => {
      await reader.generate('production-backend-v2');
      const [old, next] = ['production-backend', 'production-backend-v2'].map(
        (name) => `Bearer ${reader.secretOf(name)}`,
      );
      expect([await reader.call(old!), await reader.call(next!), await reader.call(old!)]).toEqual([good, good, good]);
      await eventually(async () => {
        await reader.owner.page.reload();
        expect(await reader.row('production-backend-v2').innerText()).not.toContain('never');
      });
      await reader.revoke('production-backend');
      expect(await reader.call(old!)).toEqual([401, 'key_revoked']);
      expect(await reader.call(next!)).toEqual(good);
    },
  'Revoke: click delete on a key, and it stops working immediately; returns 401': async (reader) => {
    const key = `Bearer ${reader.secretOf('ci-pipeline')}`;
    expect(await reader.call(key)).toEqual(good);
    await reader.revoke('ci-pipeline');
    expect(await reader.call(key)).toEqual([401, 'key_revoked']);
  },
  'Least privilege: team roles limit who can create or revoke keys': async (reader) => {
    const { page } = reader.viewer;
    await reader.toKeys(reader.viewer);
    for (const name of ['Generate key', 'Revoke local-dev'])
      expect(await page.getByRole('button', { name, exact: true }).getAttribute('aria-disabled')).toBe('true');
  },
  'Monitor usage: what a key is used for can be seen': async (reader) => {
    const { page } = reader.owner;
    await reader.toKey('local-dev');
    await page.getByRole('link', { name: 'Its requests' }).click();
    await page.getByRole('row').filter({ hasText: 'vercel_claude_sonnet_4_6' }).first().waitFor();
    expect(await page.getByRole('row').filter({ hasText: 'ci-pipeline' }).count()).toBe(0);
  },
};

/** Its table of symptoms, causes and fixes. */
const troubles: Record<string, (reader: Reader) => Promise<void>> = {
  '401 Unauthorized: missing header, wrong prefix, or revoked key': async (reader) => {
    const secret = reader.secretOf('local-dev');
    for (const sent of [null, secret.replace('sk-ollm-', 'sk-'), `Bearer ${secret.replace('sk-ollm-', 'sk-')}`])
      expect((await reader.call(sent))[0]).toBe(401);
    expect(await reader.call(`Bearer ${reader.secretOf('ci-pipeline')}`)).toEqual([401, 'key_revoked']);
  },
  'Key not visible after creation: keys are write-once; revoke and generate a new key': async (reader) => {
    const { page } = reader.owner;
    await reader.toKey('local-dev');
    await page.getByText('shown once, when it was made').waitFor();
    expect(await page.getByRole('button', { name: 'Show' }).count()).toBe(0);
    await reader.toKeys();
    await reader.revoke('local-dev');
    await reader.generate('local-dev-2');
    expect(await reader.call(`Bearer ${reader.secretOf('local-dev')}`)).toEqual([401, 'key_revoked']);
    expect(await reader.call(`Bearer ${reader.secretOf('local-dev-2')}`)).toEqual(good);
  },
  'Never revoke the only active key before callers are updated; 403 Forbidden: key valid but team lacks access': async (
    reader,
  ) => {
    const { page } = reader.owner;
    await page.goto(`${reader.stack.file.console}/new-team`);
    await page.getByLabel('Name').fill('Documented');
    await page.getByRole('button', { name: 'Make team' }).click();
    await page.getByRole('heading', { level: 1, name: 'Start' }).waitFor();
    await reader.generate('only-one');
    await page.getByRole('button', { name: 'Revoke only-one', exact: true }).click();
    await page.getByText('This is the team’s only active key').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    const key = `Bearer ${reader.secretOf('only-one')}`;
    // Nobody has paid in, and what to do is on the page that the fix names.
    expect(await reader.call(key)).toEqual([403, 'insufficient_balance']);
    await page.getByRole('link', { name: 'Billing' }).click();
    await page.getByRole('heading', { level: 1, name: 'Billing' }).waitFor();
    await stand(reader, 'Suspend');
    expect(await reader.call(key)).toEqual([403, 'team_suspended']);
    await stand(reader, 'Resume');
    expect(await reader.call(key)).toEqual([403, 'insufficient_balance']);
  },
};

async function stand({ owner: { page } }: Reader, change: 'Suspend' | 'Resume'): Promise<void> {
  await page.getByRole('link', { name: 'All teams' }).click();
  await page.getByRole('button', { name: `${change} Documented` }).click();
  if (change === 'Suspend') await page.getByLabel('Reason').fill('unpaid');
  await page.getByRole('button', { name: `${change} team` }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Every row of that page, in the order in which somebody would go through it: later ones use the keys of earlier ones. */
export const documentedRows = Object.entries({ ...making, ...managing, ...troubles });
