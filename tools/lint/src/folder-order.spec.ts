import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { folderGraph } from './folder-graph.mjs';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');

/** The folders as ARCHITECTURE.md draws them, top first, by the app they stand in. */
const drawings = new Map(
  [...page.matchAll(/^`(apps\/[a-z-]+)\/src`[^`]*?:\n\n```text\n([^`]*)```$/gm)].map(([, app = '', drawing = '']) => [
    app,
    drawing
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0] ?? ''),
  ]),
);
const apps = readdirSync(join(root, 'apps'))
  .map((name) => `apps/${name}`)
  .filter((app) => readdirSync(join(root, app)).includes('src'))
  // What has no folders has no order of them.
  .filter((app) => readdirSync(join(root, app, 'src'), { withFileTypes: true }).some((entry) => entry.isDirectory()));

describe("the order of an app's folders in ARCHITECTURE.md", () => {
  test('is drawn for every app', () => expect([...drawings.keys()].sort()).toEqual(apps));

  test.each(apps)('names each folder of %s once', (app) => {
    const folders = readdirSync(join(root, app, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
      .map((entry) => entry.name);
    expect([...(drawings.get(app) ?? [])].sort()).toEqual(folders.sort());
  });

  test.each(apps)('has every import of %s go down', (app) => {
    const drawn = drawings.get(app) ?? [];
    const isDown = (from: string, to: string) => drawn.indexOf(from) < drawn.indexOf(to);
    const upwards = [...folderGraph(join(root, app, 'src'))].flatMap(([from, targets]) =>
      [...targets].filter(([to]) => !isDown(from, to)).map(([to, imports]) => ({ from, to, imports })),
    );
    expect(upwards).toEqual([]);
  });
});
