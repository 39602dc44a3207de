import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** one-api in Go: keys, quotas and a row for each request, on SQLite. What it counts by is what a model of that name has. */
const model = 'gpt-4o';
/** So that nothing runs out while it is measured. */
const quota = 1e12;

export async function oneApi({ options, start, port, upstreamUrl }) {
  const home = join(options.peers, 'peer-one-api');
  const program = join(home, 'one-api');
  if (!existsSync(program)) return undefined;
  const dir = mkdtempSync(join(tmpdir(), 'orgn-bench-one-api-'));
  const env = { GIN_MODE: 'release', SESSION_SECRET: 'bench', TIKTOKEN_CACHE_DIR: join(home, 'tiktoken') };
  const command = [program, '--port', port, '--log-dir', join(dir, 'logs')];
  const processes = start(command, { env, cwd: dir, isQuiet: true });
  const key = await keyOf(new Console(`http://127.0.0.1:${port}`), upstreamUrl);
  return { version: versionIn(home), model, headers: { authorization: `Bearer ${key}` }, processes, scratch: dir };
}

function versionIn(home) {
  const { stdout } = spawnSync('git', ['-C', join(home, 'src'), 'log', '-1', '--format=%h %cs'], { encoding: 'utf8' });
  return stdout?.trim() || 'unknown';
}

/** A key with money, and the upstream behind it. */
async function keyOf(console, upstreamUrl) {
  await console.open();
  const upstream = { name: 'canned', type: 50, key: 'sk-any', base_url: upstreamUrl, models: model };
  await console.call('POST', '/api/channel/', { ...upstream, group: 'default', model_mapping: '', config: '{}' });
  await console.call('PUT', '/api/user/', { id: 1, username: 'root', quota });
  const token = { name: 'bench', remain_quota: quota, expired_time: -1, unlimited_quota: false, models: '' };
  return `sk-${(await console.call('POST', '/api/token/', token)).key}`;
}

class Console {
  #cookie = '';

  constructor(url) {
    this.url = url;
  }

  /** Signs in as it comes out of the box, once it is there. */
  async open() {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.call('POST', '/api/user/login', { username: 'root', password: '123456' });
      } catch (error) {
        if (tries > 100) throw error;
        await sleep(200);
      }
    }
  }

  async call(method, path, body) {
    const headers = { 'content-type': 'application/json', cookie: this.#cookie };
    const response = await fetch(this.url + path, { method, headers, body: JSON.stringify(body) });
    const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    this.#cookie = cookies.join('; ') || this.#cookie;
    const { success, message, data } = await response.json();
    if (!success) throw new Error(`one-api, ${path}: ${message}`);
    return data;
  }
}
