import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const dist = join(import.meta.dirname, '../../../apps/console/dist');

interface Chunk {
  file: string;
  imports?: string[];
}

/** Bytes of brotli-compressed script: of the first load of the keys page, what each page adds to the frame, and the verifier. */
export function scriptSizes(): { keys: number; added: [string, number][]; verifier: number } {
  const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8')) as Record<string, Chunk>;

  /** A chunk and all that it cannot run without. */
  const filesOf = (name: string, seen = new Set<string>()): Set<string> => {
    const chunk = manifest[name];
    if (!chunk || seen.has(chunk.file)) return seen;
    seen.add(chunk.file);
    for (const other of chunk.imports ?? []) filesOf(other, seen);
    return seen;
  };
  const weight = (files: Iterable<string>) =>
    [...files].reduce((sum, file) => sum + statSync(join(dist, `${file}.br`)).size, 0);

  const frame = filesOf('index.html');
  const beside = (name: string) => weight([...filesOf(name)].filter((file) => !frame.has(file)));
  const added = Object.keys(manifest)
    .filter((name) => name.endsWith('-page.tsx'))
    .map((name): [string, number] => [name, beside(name)]);
  return {
    keys: weight(new Set([...frame, ...filesOf('src/key/keys-page.tsx')])),
    added,
    verifier: beside('src/proof/verified-here.tsx'),
  };
}
