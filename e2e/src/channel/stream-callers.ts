import { join } from 'node:path';
import { run, type Stack } from '../stack.ts';

/** Who asks for what. */
export interface CallersOrder {
  /** What their prompts end with; those that are left begin with `left-`. */
  name: string;
  /** Callers who read their streams to the end. */
  streams: number;
  /** Callers who leave theirs at a random moment, and how many of them there are at once. */
  cancels: number;
  atOnce: number;
}

/** In milliseconds; moments are of the machine's monotonic clock. */
export interface CallersReport {
  /** For how long each chunk of a stream was on its way. */
  streams: { lateness: number[]; isWhole: boolean }[];
  /** By name: when its caller left. */
  left: Record<string, number>;
  /** The longest that the callers' own process was late: so much of what it saw may be of its own making. */
  lateMs: number;
}

/** Callers in a process of their own (stream-callers.mjs), whose time is not taken by a test's other work. */
export async function callAll(stack: Stack, order: CallersOrder): Promise<CallersReport> {
  const { api, demo } = stack.file;
  const all = { url: `${api}/v1/chat/completions`, key: demo.key, ...order };
  const ended = await run(process.execPath, [join(import.meta.dirname, 'stream-callers.mjs'), JSON.stringify(all)]);
  if (ended.code !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout) as CallersReport;
}
