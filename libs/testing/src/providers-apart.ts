import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { providersAt, type TestProviders } from './providers.ts';

const main = fileURLToPath(new URL('../../../tools/providers/dist/main.js', import.meta.url));

/** The provider simulators in a process of their own, whose CPU is not counted with the test's. It is built before. */
export async function startProvidersApart(): Promise<TestProviders> {
  const [http, near, phala] = await Promise.all([freePort(), freePort(), freePort()]);
  const ports = { HTTP_PORT: String(http), NEAR_TLS_PORT: String(near), PHALA_TLS_PORT: String(phala) };
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...ports },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // It says a line for each port that it listens at.
  await new Promise<void>((resolve) => {
    let missing = Object.keys(ports).length;
    createInterface({ input: child.stdout }).on('line', () => {
      missing -= 1;
      if (missing === 0) resolve();
    });
  });
  return providersAt({ http, near, phala }, async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  });
}
