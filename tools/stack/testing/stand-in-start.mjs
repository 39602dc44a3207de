import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { recordedProcesses } from '../leftovers.mjs';
import { lockHolder } from '../lock.mjs';
import { isAlive } from '../process-identity.mjs';
import { stackPaths } from '../stack-dir.mjs';
import { readStackFile } from '../stack-file.mjs';
import { stopStack } from '../stop-stack.mjs';

const script = fileURLToPath(new URL('start-stand-ins.mjs', import.meta.url));

/** A folder with a stack of stand-ins, as a test sees it. */
export class StandInStack {
  paths = stackPaths(realpathSync(mkdtempSync(join(tmpdir(), 'orgn-stack-'))));

  /** Starts it and returns when the command has ended: for --detach, and for starts that are to fail. */
  async start(flags = [], env = {}) {
    const command = this.launch(flags, env);
    const [code] = await once(command.process, 'close');
    return { code, text: command.text };
  }

  /** Starts it without waiting, as the leader of a process group like a shell's foreground job. */
  launch(flags = [], env = {}) {
    const args = [script, '--dir', this.paths.dir, ...flags];
    const started = spawn(process.execPath, args, { detached: true, env: { ...process.env, ...env } });
    const command = { process: started, text: '' };
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk) => (command.text += chunk));
    }
    return command;
  }

  get file() {
    return readStackFile(this.paths.stackFile);
  }

  pidOf(name) {
    return this.file?.processes?.find((entry) => entry.name === name)?.pid;
  }

  /** Supervisor, reaper and children that run now, with their identities. */
  everyone() {
    const { reaper, children } = recordedProcesses(this.paths);
    return [lockHolder(this.paths.lock), reaper, ...children].filter(isAlive);
  }

  /** Ends whatever a test left, and the folder. */
  async discard() {
    await stopStack(this.paths.dir, () => {});
    rmSync(this.paths.dir, { recursive: true, force: true });
  }
}

/** Waits until something holds. @throws when it does not within 10 s */
export async function eventually(what, holds) {
  const end = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`);
    await delay(20);
  }
}
