import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux, in which /proc counts. */
const TICK_MS = 10;

/** CPU time that processes and their children have used so far, in milliseconds. */
export function cpuMs(pids: readonly number[]): number {
  const children = new Map<string, { pid: string; ms: number }[]>();
  const own = new Map<string, number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = statOf(pid);
    if (!fields) continue;
    const ms = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    own.set(pid, ms);
    const parent = fields[1] ?? '';
    children.set(parent, [...(children.get(parent) ?? []), { pid, ms }]);
  }
  const treeOf = (pid: string): number =>
    (children.get(pid) ?? []).reduce((sum, child) => sum + treeOf(child.pid), own.get(pid) ?? 0);
  return pids.reduce((sum, pid) => sum + treeOf(String(pid)), 0);
}

/** What follows the name in /proc/PID/stat; undefined for a process that has ended. */
function statOf(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
