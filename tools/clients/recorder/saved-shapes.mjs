import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAnswered } from './exchange.mjs';
import { pathsOf, shapeOf } from './shape.mjs';

/** Requests of one client that are kept: those that show something that no other does. */
const most = 6;
/** Headers that steer how a request is read. */
const steering = ['content-type', 'anthropic-version', 'anthropic-beta'];

/**
 * Writes the shapes of what a client sent to `libs/testing/client-shapes/NAME.json`: the fewest requests that have every path,
 * whatever was said replaced.
 */
export function saveShapes(root, client, trials) {
  const exchanges = trials.flatMap(({ results }) => results.flatMap((result) => result.exchanges)).filter(isAnswered);
  const shapes = telling(exchanges.map(toShape));
  if (shapes.length === 0) return;
  const folder = join(root, 'libs/testing/client-shapes');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${client}.json`), `${JSON.stringify(shapes, null, 1)}\n`);
}

function toShape({ path, headers, body }) {
  const kept = steering.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]);
  return { path, headers: Object.fromEntries(kept), body: shapeOf(JSON.parse(body)) };
}

/** Takes the shape that brings most new paths, again and again. */
function telling(shapes) {
  const seen = new Set();
  const taken = [];
  const newIn = (shape) => [...pathsOf(shape.body, shape.path)].filter((path) => !seen.has(path));
  while (taken.length < most) {
    const [best] = shapes.toSorted((one, other) => newIn(other).length - newIn(one).length);
    if (!best || newIn(best).length === 0) break;
    newIn(best).forEach((path) => seen.add(path));
    taken.push(best);
  }
  return taken;
}
