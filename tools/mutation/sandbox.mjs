import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mutantText } from './mutants.mjs';

/** A copy of the sources in which mistakes are made: no working tree holds one, and work there may go on meanwhile. */
export class Sandbox {
  constructor(root) {
    this.dir = mkdtempSync(join(tmpdir(), 'orgn-mutants-'));
    for (const file of sourcesOf(root)) copy(root, this.dir, file);
    linkPackages(root, this.dir);
    linkServers(root, this.dir);
  }

  /** Runs `work` while the mutant's file is the mutant. @template T @param {() => Promise<T>} work */
  async with(mutant, work) {
    const path = join(this.dir, mutant.file);
    const original = readFileSync(path);
    writeFileSync(path, mutantText(mutant, this.dir));
    try {
      return await work();
    } finally {
      writeFileSync(path, original);
    }
  }

  remove() {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** What git knows or would add: never what is ignored. */
function sourcesOf(root) {
  const listing = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  return listing.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

function copy(root, dir, file) {
  mkdirSync(dirname(join(dir, file)), { recursive: true });
  cpSync(join(root, file), join(dir, file));
}

/** Installed packages are shared; the workspace's own are relative links, which lead into the copy. */
function linkPackages(root, dir) {
  for (const folder of packageFolders(root)) {
    mkdirSync(join(dir, folder), { recursive: true });
    for (const name of readdirSync(join(root, folder))) linkPackage(root, dir, join(folder, name));
  }
}

/** A nats-server that was fetched once need not be fetched again. */
function linkServers(root, dir) {
  const bin = join('.local', 'bin');
  mkdirSync(join(root, bin), { recursive: true });
  mkdirSync(join(dir, '.local'), { recursive: true });
  symlinkSync(join(root, bin), join(dir, bin));
}

function packageFolders(root) {
  const workspaces = ['apps', 'libs', 'tools'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => join(kind, name)),
  );
  const nested = workspaces
    .map((workspace) => join(workspace, 'node_modules'))
    .filter((path) => existsSync(join(root, path)));
  return ['node_modules', join('node_modules', '@orgn'), ...nested];
}

function linkPackage(root, dir, path) {
  if (existsSync(join(dir, path)) || path === join('node_modules', '@orgn')) return;
  const original = join(root, path);
  symlinkSync(lstatSync(original).isSymbolicLink() ? readlinkSync(original) : original, join(dir, path));
}
