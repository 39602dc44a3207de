import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { frameTypes, type FrameType } from './frame-types.ts';
import { answerHeaders, requestHeaders } from './headers.ts';

const file = new URL('../../../../docs/channel.md', import.meta.url);

/** As prettier lays a table out. */
function table(rows: readonly (readonly string[])[]): string {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(head), rule, ...rows.slice(1).map(line)].join('\n');
}

const frames = Object.entries<FrameType>(frameTypes).map(([name, { code, from, of, payload, meaning }]) => [
  String(code),
  `\`${name}\``,
  from,
  of,
  payload,
  meaning,
]);
const most = Math.max(requestHeaders.length, answerHeaders.length);
const headers = Array.from({ length: most }, (_, place) => [
  String(place),
  ...[requestHeaders[place], answerHeaders[place]].map((name) => (name === undefined ? '' : `\`${name}\``)),
]);

function within(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: generated, UPDATE_DOCS=1 writes them -->`, `<!-- ${name}: end -->`];
  const [head = '', rest = ''] = text.split(begin);
  const [, tail = ''] = rest.split(end);
  return `${head}${begin}\n\n${content}\n\n${end}${tail}`;
}

test('docs/channel.md lists the frames and headers that there are; UPDATE_DOCS=1 writes them', () => {
  const before = readFileSync(file, 'utf8');
  const withFrames = within(before, 'frames', table([['type', 'name', 'from', 'of', 'payload', 'meaning'], ...frames]));
  const after = within(withFrames, 'headers', table([['place', 'of a request', 'of an answer'], ...headers]));
  if (process.env.UPDATE_DOCS === '1') writeFileSync(file, after);
  expect(readFileSync(file, 'utf8')).toBe(after);
});

test('every frame has a type of its own, and every header its place', () => {
  const codes = Object.values(frameTypes).map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
  for (const list of [requestHeaders, answerHeaders]) expect(new Set<string>(list).size).toBe(list.length);
});
