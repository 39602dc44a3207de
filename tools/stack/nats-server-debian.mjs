import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bareEnvironment } from './environment.mjs';

/**
 * Takes a program out of the package of Debian or Ubuntu that has its name, as any user: apt gets private folders for all that
 * it writes, and the package is unpacked, not installed. apt checks its signature.
 * @param {{ path: string, run: Function, program?: string }} target where the program goes
 * @returns {Promise<string>} where it came from
 */
export async function fetchFromDebian({ path, run, program = 'nats-server' }, env = process.env) {
  if (!existsSync('/etc/debian_version')) throw new Error('this system has no apt');
  mkdirSync(dirname(path), { recursive: true });
  const work = mkdtempSync(join(dirname(path), 'fetch-'));
  try {
    const apt = (args) => run(aptGet(work, args, env));
    for (const folder of ['lists/partial', 'cache/archives/partial', 'unpacked']) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    await apt(['update']);
    await apt(['download', program]);
    const archive = readdirSync(work).find((name) => name.endsWith('.deb'));
    await run(command(work, 'dpkg-deb', ['-x', archive, 'unpacked'], env));
    const programs = ['sbin', 'bin'].map((folder) => join(work, 'unpacked', 'usr', folder, program));
    place(programs.find(existsSync) ?? programs[0], path);
    return `from the package ${archive}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Puts a program in place under its name in one step. */
export function place(from, path) {
  const draft = `${path}.${process.pid}`;
  copyFileSync(from, draft);
  chmodSync(draft, 0o755);
  renameSync(draft, path);
}

function aptGet(work, args, env) {
  const settings = [
    `Dir::State::lists=${join(work, 'lists')}`,
    `Dir::Cache=${join(work, 'cache')}`,
    'Debug::NoLocking=1',
    // As root apt would hand the download to a user of its own, who cannot enter a private folder.
    'APT::Sandbox::User=root',
    'APT::Update::Error-Mode=any',
  ];
  return command(work, 'apt-get', ['-q', ...settings.flatMap((setting) => ['-o', setting]), ...args], env);
}

function command(cwd, program, args, env) {
  const proxies = ['http_proxy', 'https_proxy', 'no_proxy'].filter((name) => env[name]);
  const proxyEnvironment = Object.fromEntries(proxies.map((name) => [name, env[name]]));
  return {
    name: 'nats-server-fetch',
    command: program,
    args,
    cwd,
    env: { ...bareEnvironment(env), ...proxyEnvironment },
  };
}
