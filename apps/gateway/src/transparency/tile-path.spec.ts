import { expect, test } from '@jest/globals';
import { readTilePath } from './tile-path.ts';

test.each([
  ['0/000', { level: 0, number: 0, width: 256, isOfEntries: false }],
  ['1/x001/x234/067', { level: 1, number: 1_234_067, width: 256, isOfEntries: false }],
  ['0/x001/000.p/1', { level: 0, number: 1_000, width: 1, isOfEntries: false }],
  ['entries/012.p/255', { level: 0, number: 12, width: 255, isOfEntries: true }],
])('%s names a tile', (path, name) => {
  expect(readTilePath(path)).toEqual(name);
});

test.each([
  '',
  '0',
  '8/000',
  '0/0',
  '0/x001',
  '0/x000/001',
  '0/000.p/256',
  '0/000.p/0',
  '0/000/',
  '0/../000',
  '00/000',
])('%j names none', (path) => {
  expect(readTilePath(path)).toBeNull();
});
