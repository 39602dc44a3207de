import { cpus, loadavg } from 'node:os';

/** What a figure is worth depends on it. */
export function machine() {
  const [first] = cpus();
  return {
    processor: `${cpus().length} x ${first?.model.trim()}`,
    node: process.version,
    'load before': loadavg()[0].toFixed(1),
    date: new Date().toISOString().slice(0, 16),
  };
}
