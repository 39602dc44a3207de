import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const hasProc = existsSync('/proc/self/stat');

/**
 * When a process started, as a text that is only good for comparing. Together with the pid it names one process for
 * ever, so that a recycled pid is never signalled.
 * @returns {string | undefined} undefined when no such process runs (a zombie counts as gone)
 */
export function startedAt(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return hasProc ? fromProc(pid) : fromPs(pid);
}

/** The identity of a running process: `{ pid, started }`. */
export function identify(pid) {
  return { pid, started: startedAt(pid) };
}

/** Does exactly this process still run? */
export function isAlive(identity) {
  const started = identity && startedAt(identity.pid);
  return started !== undefined && started === identity.started;
}

/** Start time from the text of /proc/<pid>/stat: field 22, counted behind the name, which may hold blanks and brackets. */
export function parseProcStat(stat) {
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : fields[18];
}

function fromProc(pid) {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

function fromPs(pid) {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
