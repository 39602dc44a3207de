import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { isAlive } from './process-identity.mjs';
import { recordedProcesses } from './leftovers.mjs';
import { lockHolder } from './lock.mjs';
import { stopStack } from './stop-stack.mjs';
import { StandInStack, eventually } from './testing/stand-in-start.mjs';

const stacks = [];
function makeStack() {
  const stack = new StandInStack();
  stacks.push(stack);
  return stack;
}

afterEach(async () => {
  for (const stack of stacks.splice(0)) await stack.discard();
});

const supervisorLog = ({ paths }) => readFileSync(paths.supervisorLog, 'utf8');
const gone = (identities) => () => identities.every((identity) => !isAlive(identity));

/** Where nobody listens who takes any port: those beside it are free, too. */
async function listenApart() {
  const server = createServer();
  for (let attempt = 1; ; attempt += 1) {
    const listening = once(server, 'listening');
    server.listen(20_000 + Math.floor(Math.random() * 10_000), '127.0.0.1');
    try {
      await listening;
      return server;
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}

describe('start --detach', () => {
  test('returns when every process is ready, and says so step by step', async () => {
    const stack = makeStack();
    const { code, text } = await stack.start(['--detach']);
    expect(text).toMatch(/1\/2 {2}ports .* ok .*\n.*2\/2 {2}services .* ok .*\nReady\.\n$/);
    expect(code).toBe(0);
    expect(stack.file.processes.map(({ name }) => name)).toEqual(['store', 'worker', 'front']);
    for (const { pid, logFile } of stack.file.processes) {
      expect(isAlive(stack.everyone().find((entry) => entry.pid === pid))).toBe(true);
      expect(statSync(logFile).mode & 0o777).toBe(0o600);
    }
    expect(await (await fetch(`${stack.file.api}/health`)).json()).toEqual({ pid: stack.pidOf('front') });
    expect(statSync(stack.paths.stackFile).mode & 0o777).toBe(0o600);
  });

  test('fails with the last words of a process that cannot start, and leaves nothing running', async () => {
    const stack = makeStack();
    const { code, text } = await stack.start(['--detach'], { FAULTY: 'worker:exits' });
    expect(code).toBe(1);
    expect(text).toMatch(
      /worker \(pid \d+\) exited with code 3 before it was ready\n {2}\| worker finds no reason to live\n/,
    );
    expect(stack.everyone()).toEqual([]);
    expect(stack.file.processes).toEqual([]);
  });

  test('refuses a second start of the same folder and names the first', async () => {
    const stack = makeStack();
    await stack.start(['--detach']);
    const { code, text } = await stack.start(['--detach']);
    expect(code).toBe(1);
    expect(text).toContain(`already runs in ${stack.paths.dir}`);
    expect(text).toContain(stack.file.api);
    expect(stack.file.processes).toHaveLength(3);
  });

  test('refuses a folder with files of others, also with --fresh', async () => {
    const stack = makeStack();
    writeFileSync(join(stack.paths.dir, 'thesis.txt'), 'all I have');
    const { code, text } = await stack.start(['--detach', '--fresh']);
    expect(code).toBe(1);
    expect(text).toContain('no stack made it');
    expect(readFileSync(join(stack.paths.dir, 'thesis.txt'), 'utf8')).toBe('all I have');
  });

  test('finds its ports again, and two stacks run side by side', async () => {
    const [one, two] = [makeStack(), makeStack()];
    const codes = await Promise.all([one, two].map(async (stack) => (await stack.start(['--detach'])).code));
    expect(codes).toEqual([0, 0]);
    expect(one.file.api).not.toBe(two.file.api);
    const before = two.file.api;
    await stopStack(two.paths.dir, () => {});
    await two.start(['--detach']);
    expect(two.file.api).toBe(before);
    expect((await fetch(`${one.file.api}/health`)).status).toBe(200);
  });

  test('names a taken port of --port-base and what it was for', async () => {
    const other = await listenApart();
    const { port } = other.address();
    const stack = makeStack();
    const { code, text } = await stack.start(['--detach', '--port-base', String(port - 1)]);
    other.close();
    expect(code).toBe(1);
    expect(text).toContain(`Port ${port} (for the worker) is taken.`);
    expect(stack.everyone()).toEqual([]);
  });
});

describe('a child that is killed', () => {
  test('is started again, each time after a longer wait, and stack.json follows', async () => {
    const stack = makeStack();
    await stack.start(['--detach']);
    for (const waitMs of [250, 500]) {
      const pid = stack.pidOf('worker');
      process.kill(pid, 'SIGKILL');
      await eventually('another worker', () => ![undefined, pid].includes(stack.pidOf('worker')));
      expect(supervisorLog(stack)).toContain(
        `worker (pid ${pid}) was killed by SIGKILL; starting it again in ${waitMs} ms`,
      );
      expect(supervisorLog(stack)).toContain(`worker is ready again (pid ${stack.pidOf('worker')})`);
    }
  });

  test('stays dead with --no-restart', async () => {
    const stack = makeStack();
    await stack.start(['--detach', '--no-restart']);
    process.kill(stack.pidOf('worker'), 'SIGKILL');
    await eventually('a remark', () => supervisorLog(stack).includes('not started again'));
    expect(stack.file.processes.map(({ name }) => name)).toEqual(['store', 'front']);
  });
});

describe('the end', () => {
  test('stop ends every process, who faces callers first and who keeps data last', async () => {
    const stack = makeStack();
    await stack.start(['--detach']);
    const everyone = stack.everyone();
    expect(everyone).toHaveLength(5);
    expect(await stopStack(stack.paths.dir, () => {})).toMatch(/^Stopped/);
    expect(gone(everyone)()).toBe(true);
    expect(readFileSync(join(stack.paths.dir, 'trace'), 'utf8')).toBe('front\nworker\nstore\n');
    expect(stack.file.processes).toEqual([]);
    expect(await stopStack(stack.paths.dir, () => {})).toMatch(/^Nothing runs/);
  });

  test.each([
    ['once', 1],
    ['twice', 2],
  ])('Ctrl-C %s leaves no process', async (_times, count) => {
    const stack = makeStack();
    const command = stack.launch();
    await eventually('ready', () => command.text.includes('Ready.'));
    const everyone = stack.everyone();
    for (let sent = 0; sent < count; sent += 1) process.kill(-command.process.pid, 'SIGINT');
    const [code] = await once(command.process, 'close');
    expect(code).toBe(0);
    expect(everyone).toHaveLength(5);
    expect(gone(everyone)()).toBe(true);
    expect(stack.file.processes).toEqual([]);
  });

  test('Ctrl-C during the start leaves no process', async () => {
    const stack = makeStack();
    const command = stack.launch([], { FAULTY: 'worker:mute' });
    await eventually('two of three', () => stack.file?.processes !== undefined && stack.everyone().length === 5);
    process.kill(-command.process.pid, 'SIGINT');
    const [code] = await once(command.process, 'close');
    expect(code).toBe(1);
    expect(stack.everyone()).toEqual([]);
  });

  test.each(['launcher', 'supervisor'])('kill -9 of the %s leaves no process', async (who) => {
    const stack = makeStack();
    const command = stack.launch();
    await eventually('ready', () => command.text.includes('Ready.'));
    const everyone = stack.everyone();
    process.kill(who === 'launcher' ? command.process.pid : lockHolder(stack.paths.lock).pid, 'SIGKILL');
    await eventually('all gone', gone(everyone));
    await eventually('stack.json says so', () => stack.file.processes.length === 0);
    expect(readFileSync(join(stack.paths.dir, 'trace'), 'utf8')).toBe('front\nworker\nstore\n');
  });

  test('what outlives supervisor and reaper is stopped by the next start, also what was never written down', async () => {
    const stack = makeStack();
    await stack.start(['--detach']);
    const { reaper, children } = recordedProcesses(stack.paths);
    process.kill(reaper.pid, 'SIGKILL');
    process.kill(lockHolder(stack.paths.lock).pid, 'SIGKILL');
    await eventually('both gone', () => !isAlive(reaper) && !lockHolder(stack.paths.lock));
    expect(children.every(isAlive)).toBe(true);
    writeFileSync(stack.paths.processes, JSON.stringify({ children: children.slice(1) }));
    const { code, text } = await stack.start(['--detach']);
    expect(text).toContain('stopped 3 processes that an earlier start had left behind');
    expect(code).toBe(0);
    expect(children.some(isAlive)).toBe(false);
  });
});
