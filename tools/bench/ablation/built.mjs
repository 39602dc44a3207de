import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..', '..', '..');

/** A part of an app as it was built: apps have no door for others, and nothing but a bench may come in by the window. */
export function built(app, file) {
  return import(pathToFileURL(join(root, 'apps', app, 'dist', `${file}.js`)).href);
}

/** What a process of a rung was told: BENCH_RUNG, as JSON. */
export function rungSettings() {
  return JSON.parse(process.env.BENCH_RUNG);
}
