import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bareEnvironment } from './environment.mjs';
import { place } from './nats-server-debian.mjs';

const version = '2.12.7';
const releases = 'https://github.com/nats-io/nats-server/releases/download';
const architectures = { x64: 'amd64', arm64: 'arm64' };
const timeoutMs = 120_000;

/**
 * Takes nats-server out of the official release, when the archive is what the release's own SHA256SUMS says.
 * @param {{ path: string, run: Function }} target where the program goes
 * @returns {Promise<string>} where it came from
 */
export async function fetchFromRelease({ path, run }) {
  const name = `nats-server-v${version}-${process.platform}-${architectures[process.arch] ?? process.arch}`;
  const base = `${releases}/v${version}`;
  const sums = (await download(`${base}/SHA256SUMS`)).toString('utf8');
  const archive = await download(`${base}/${name}.tar.gz`);
  checkDigest(archive, digestFor(sums, `${name}.tar.gz`));
  mkdirSync(dirname(path), { recursive: true });
  const work = mkdtempSync(join(dirname(path), 'fetch-'));
  try {
    writeFileSync(join(work, 'archive.tar.gz'), archive);
    const args = ['-xzf', 'archive.tar.gz', `${name}/nats-server`];
    await run({ name: 'nats-server-fetch', command: 'tar', args, cwd: work, env: bareEnvironment() });
    place(join(work, name, 'nats-server'), path);
    return `from the release v${version}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The digest of a file in the text of a SHA256SUMS: `<64 hex digits>  <name>` a line.
 * @throws when the file is not listed
 */
export function digestFor(sums, file) {
  for (const line of sums.split('\n')) {
    const [, digest, name] = /^([0-9a-f]{64})\s+\*?(?:.*\/)?(\S+)\s*$/i.exec(line) ?? [];
    if (name === file) return digest.toLowerCase();
  }
  throw new Error(`SHA256SUMS does not list ${file}`);
}

function checkDigest(archive, expected) {
  const found = createHash('sha256').update(archive).digest('hex');
  if (found !== expected) throw new Error(`the archive has the SHA-256 ${found}, its release says ${expected}`);
}

async function download(url) {
  const response = await fetch(url, { redirect: 'follow', signal: AbortSignal.timeout(timeoutMs) }).catch((error) => {
    throw new Error(`${url} cannot be reached (${error.cause?.code ?? error.message})`);
  });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}
