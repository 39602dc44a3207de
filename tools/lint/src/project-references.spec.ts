import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const projects = ['apps', 'libs'].flatMap((kind) => readdirSync(join(root, kind)).map((name) => join(kind, name)));
const isBuilt = (project: string) => existsSync(join(root, project, 'tsconfig.json'));

/** The projects whose compiled code a project's own loads: what specs and their helpers import is not compiled. */
function importedBy(project: string): Set<string> {
  const sources = readdirSync(join(root, project, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !/(^|\/)testing\//.test(path),
  );
  const texts = sources.map((path) => readFileSync(join(root, project, 'src', path), 'utf8'));
  const names = texts.flatMap((text) => [...text.matchAll(/from '@orgn\/([a-z-]+)/g)].map(([, name]) => name ?? ''));
  return new Set(names.map((name) => join('libs', name)).filter((other) => other !== project && isBuilt(other)));
}

function referencedBy(project: string): string[] {
  const config = readFileSync(join(root, project, 'tsconfig.json'), 'utf8');
  return [...config.matchAll(/"path": "([^"]+)"/g)].map(([, path]) => join(project, path ?? ''));
}

test.each(projects.filter((project) => isBuilt(project) && referencedBy(project).length > 0))(
  '%s is built with all that it imports, in a clone where nothing has been built yet',
  (project) => {
    expect(referencedBy(project)).toEqual(expect.arrayContaining([...importedBy(project)]));
  },
);
