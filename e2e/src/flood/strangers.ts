import { join } from 'node:path';
import { run } from '../stack.ts';

/** What a flood is made of. */
export interface Flood {
  url: string;
  seconds: number;
  /** The part of a core that the strangers' own process may use. */
  core: number;
  connections: number;
  /** Networks they come from; 0: the one that everybody on this machine has. */
  networks: number;
  /** Bytes of each body that are sent before anything is answered. */
  begun: number;
}

/** What became of it. */
export interface FloodReport {
  strangers: number;
  statuses: Record<string, number>;
  /** Connections that broke off before an answer was read. */
  resets: number;
  silent: number;
  seconds: number;
  cpuSeconds: number;
}

/** Strangers from a process of their own. */
export async function flood(order: Flood): Promise<FloodReport> {
  const program = join(import.meta.dirname, 'generator.mjs');
  const ended = await run(process.execPath, [program, JSON.stringify(order)]);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout) as FloodReport;
}
