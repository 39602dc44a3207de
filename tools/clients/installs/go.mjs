import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOrThrow } from '../processes.mjs';

const timeoutMs = 900_000;

/**
 * A Go program of ours with the module it tries, built in the client's folder.
 * @param {string} module with its major version, as Go names it
 * @param {string} source the program
 */
export function go(module, source) {
  return {
    async install(folder) {
      mkdirSync(folder, { recursive: true });
      const options = { cwd: folder, env: process.env, timeoutMs };
      if (!existsSync(join(folder, 'go.mod'))) await runOrThrow(['go', 'mod', 'init', 'client'], options);
      copyFileSync(source, join(folder, 'main.go'));
      await runOrThrow(['go', 'get', `${module}@latest`], options);
      await runOrThrow(['go', 'mod', 'tidy'], options);
      await runOrThrow(['go', 'build', '-o', 'client', '.'], options);
    },
    version(folder) {
      const [, version] = new RegExp(`${module} v(\\S+)`).exec(readFileSync(join(folder, 'go.mod'), 'utf8'));
      return version;
    },
  };
}

/** The program that `go` built. */
export function goProgram(folder) {
  return [join(folder, 'client')];
}
