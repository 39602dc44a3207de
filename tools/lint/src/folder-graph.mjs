import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import ts from 'typescript';

/** Specs and what only they use may look anywhere; `make.ts` builds objects for specs. */
const EXEMPT = /\.(spec|e2e)\.tsx?$|(^|\/)testing\/|(^|\/)make\.ts$/;

/**
 * The folder of a source right under `src`.
 *
 * @param {string} src the absolute path of a project's `src`
 * @param {string} path the absolute path of a file in it
 * @returns {string | undefined} undefined for what no order holds for: files right in `src`, outside it, and specs
 */
export function folderOf(src, path) {
  const parts = relative(src, path).split(sep);
  return parts.length < 2 || parts[0] === '..' || EXEMPT.test(parts.join('/')) ? undefined : parts[0];
}

/**
 * What the folders of one `src` import of each other; imports of types count, since who reads has to follow them too.
 *
 * @param {string} src the absolute path of a project's `src`
 * @returns {Map<string, Map<string, string[]>>} importing folder → imported folder → "file: specifier" of each import
 */
export function folderGraph(src) {
  const graph = new Map();
  for (const path of sourcesIn(src)) {
    const from = folderOf(src, path);
    if (from === undefined) continue;
    const targets = graph.get(from) ?? graph.set(from, new Map()).get(from);
    for (const { fileName: specifier } of ts.preProcessFile(readFileSync(path, 'utf8'), true, true).importedFiles) {
      const to = importedFolder(src, path, specifier);
      if (to === undefined || to === from) continue;
      targets.set(to, [...(targets.get(to) ?? []), `${relative(src, path)}: ${specifier}`]);
    }
  }
  return graph;
}

/**
 * @param {string} src the absolute path of a project's `src`
 * @param {string} path the absolute path of the importing file
 * @param {string} specifier as written
 * @returns {string | undefined} the folder under `src` that a relative specifier leads to
 */
export function importedFolder(src, path, specifier) {
  return specifier.startsWith('.') ? folderOf(src, resolve(dirname(path), specifier)) : undefined;
}

/**
 * The shortest way along imports.
 *
 * @param {Map<string, Map<string, string[]>>} graph of `folderGraph`
 * @param {string} from
 * @param {string} to
 * @returns {string[] | undefined} folders from `from` to `to`, both included; undefined where none leads there
 */
export function pathBetween(graph, from, to) {
  const ways = [[from]];
  const seen = new Set([from]);
  for (let way = ways.shift(); way; way = ways.shift()) {
    if (way.at(-1) === to) return way;
    for (const next of graph.get(way.at(-1))?.keys() ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesIn(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
