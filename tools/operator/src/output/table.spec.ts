import { expect, test } from '@jest/globals';
import { toFields, toTable } from './table.ts';

test('a table aligns its columns under their names', () => {
  const rows = [
    [['id', 'key_1'] as const, ['name', 'ci'] as const],
    [['id', 'key_22'] as const, ['name', 'a laptop'] as const],
  ];
  expect(toTable(rows, 'none')).toBe('ID      NAME\nkey_1   ci\nkey_22  a laptop');
});

test('a table without rows says so', () => {
  expect(toTable([], 'This team has no keys.')).toBe('This team has no keys.');
});

test('fields align their values', () => {
  expect(
    toFields([
      ['id', 'key_1'],
      ['state', 'revoked'],
    ]),
  ).toBe('id     key_1\nstate  revoked');
});
