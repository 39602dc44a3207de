import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../../..');

/** Whatever tells people, or does for them, how containers are run. */
const places = globSync(['README.md', 'docs/**/*.md', 'deploy/*', 'tools/**/*.mjs', 'docker-compose.yml'], {
  cwd: root,
  exclude: (name) => /(^|\/)(node_modules|dist)$/.test(name),
}).filter((name) => /\.(md|sh|mjs|yml|conf)$/.test(name));

test('no container is sent a signal by the engine, which would not start it again after a crash', () => {
  expect(places).toEqual(
    expect.arrayContaining(['docs/deployment.md', 'deploy/upgrade.sh', 'tools/compose/figures.mjs']),
  );
  const sent = places.filter((name) =>
    /docker (compose )?kill\b(?! ?`)/.test(readFileSync(resolve(root, name), 'utf8')),
  );
  expect(sent.filter((name) => name !== 'deploy/upgrade.sh')).toEqual([]);
  // It says why, and does not do it.
  expect(/^[^#\n]*docker (compose )?kill/m.exec(readFileSync(resolve(root, 'deploy/upgrade.sh'), 'utf8'))).toBeNull();
});
