import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../stack.ts';

const here = '127.0.0.1';

/**
 * A place of its own for processes: a network namespace that leads here by a pair of virtual interfaces, which can begin
 * to swallow what goes through, without a word to either side. Whoever asks its side of the pair for a port reaches what listens
 * on loopback here, and comes from loopback, since that is where a stack's servers take callers from.
 */
export class FarPlace {
  readonly near: string;
  readonly far: string;
  readonly #holder: ChildProcess;
  readonly #processes: ChildProcess[] = [];

  private constructor(
    private readonly index: number,
    holder: ChildProcess,
  ) {
    this.near = `10.77.${index}.1`;
    this.far = `10.77.${index}.2`;
    this.#holder = holder;
  }

  /** @param index of this place among others, from 1 on */
  static async make(index: number): Promise<FarPlace> {
    const holder = spawn('unshare', ['--net', 'sleep', 'infinity'], { stdio: 'ignore' });
    await once(holder, 'spawn');
    const own = readlinkSync('/proc/self/ns/net');
    await eventually(() => {
      if (readlinkSync(`/proc/${holder.pid}/ns/net`) === own) throw new Error('not there yet');
    });
    const place = new FarPlace(index, holder);
    place.#link();
    return place;
  }

  /** Starts what process `pid` runs once more, over there, as another instance. Resolves when it says that it is healthy. */
  async start(pid: number, instance: string, logFile: string): Promise<ChildProcess> {
    const [command = '', ...args] = wordsOf(`/proc/${pid}/cmdline`);
    const env = this.#environmentOf(pid, instance);
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn('nsenter', [this.#entrance, '--', command, ...args], { env, stdio: ['ignore', log, log] });
    closeSync(log);
    this.#processes.push(child);
    await eventually(async () => {
      const health = await fetch(`http://${this.far}:${env.OPS_PORT}/health`, { signal: AbortSignal.timeout(1_000) });
      if (health.status !== 200) throw new Error(await health.text());
    }, 60_000);
    return child;
  }

  /** From now on nothing that is sent arrives, in either direction. */
  swallow(): void {
    for (const [rule, inside] of this.#rules()) iptables(['-I', 'INPUT', ...rule], inside);
  }

  release(): void {
    for (const [rule, inside] of this.#rules()) iptables(['-D', 'INPUT', ...rule], inside);
  }

  /** Swallows what a port over here says to this place. */
  muffle(port: number, isOn: boolean): void {
    const rule = ['-p', 'tcp', '--sport', String(port), '-j', 'DROP'];
    iptables([isOn ? '-I' : '-D', 'INPUT', ...rule], this.#entrance);
  }

  async close(): Promise<void> {
    for (const child of [...this.#processes, this.#holder]) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
  }

  get #entrance(): string {
    return `--net=/proc/${this.#holder.pid}/ns/net`;
  }

  #link(): void {
    const [near, far] = [`near${this.index}`, `far${this.index}`];
    const inside = (...words: string[]) => execFileSync('nsenter', [this.#entrance, 'ip', ...words]);
    const ip = (...words: string[]) => execFileSync('ip', words);
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far);
    ip('link', 'set', far, 'netns', String(this.#holder.pid));
    ip('addr', 'add', `${this.near}/30`, 'dev', near);
    ip('link', 'set', near, 'up');
    inside('link', 'set', 'lo', 'up');
    inside('addr', 'add', `${this.far}/30`, 'dev', far);
    inside('link', 'set', far, 'up');
    writeFileSync(join('/proc/sys/net/ipv4/conf', near, 'route_localnet'), '1');
    const nat = (...words: string[]) => iptables(['-t', 'nat', '-A', ...words]);
    nat('PREROUTING', '-i', near, '-p', 'tcp', '-d', this.near, '-j', 'DNAT', '--to-destination', here);
    nat('INPUT', '-p', 'tcp', '-s', this.far, '-d', here, '-j', 'SNAT', '--to-source', here);
  }

  #rules(): [rule: string[], inside?: string][] {
    return [[['-i', `near${this.index}`, '-j', 'DROP']], [['-i', `far${this.index}`, '-j', 'DROP'], this.#entrance]];
  }

  /** The settings of a process, with every address as it is seen from there. */
  #environmentOf(pid: number, instance: string): Record<string, string> {
    const all = wordsOf(`/proc/${pid}/environ`).map((word) => word.split(/=(.*)/s, 2) as [string, string]);
    const moved = all.map(([name, value]) => [name, value.replaceAll(here, isOwn(name) ? this.far : this.near)]);
    return { ...(Object.fromEntries(moved) as Record<string, string>), INSTANCE: instance };
  }
}

/** Swallows all that is said to and by a port over here. */
export function swallowPort(port: number, places: readonly FarPlace[], isOn: boolean): void {
  const action = isOn ? '-I' : '-D';
  for (const side of ['--dport', '--sport']) iptables([action, 'INPUT', '-p', 'tcp', side, String(port), '-j', 'DROP']);
  for (const place of places) place.muffle(port, isOn);
}

/** Where a process listens, and says that it listens. */
const isOwn = (name: string) => /^(HTTP_HOST|OPS_HOST|ADVERTISED_URL)$/.test(name);

function iptables(words: string[], entrance?: string): void {
  const command = ['iptables', '-w', ...words];
  if (entrance === undefined) execFileSync(command[0]!, command.slice(1));
  else execFileSync('nsenter', [entrance, ...command]);
}

function wordsOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\0').filter(Boolean);
}
