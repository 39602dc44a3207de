import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const entry = join(import.meta.dirname, '../../../../../tools/id-orgn/src/main.ts');

export interface Simulator {
  issuer: string;
  stop(): Promise<void>;
}

/** Starts the id-orgn simulator, the real process, for one console. */
export async function startSimulator(consoleUrl: string, secret: string, port: number): Promise<Simulator> {
  const issuer = `http://localhost:${port}`;
  const child = spawn(process.execPath, [entry], {
    env: { HTTP_PORT: String(port), ISSUER: issuer, CONSOLE_URL: consoleUrl, CLIENT_SECRET: secret },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface(child.stdout)) if (line.includes('listening')) break;
  const stop = async () => {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  };
  return { issuer, stop };
}
