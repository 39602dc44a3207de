import { describe, expect, test } from '@jest/globals';
import { modelNames, parseClients, UsageError } from './options.mjs';

const places = { root: '/repository' };
const read = (argv, env = { HOME: '/home/me' }) => parseClients(argv, places, env);

describe('the command line of test:clients', () => {
  test('asks every client about every model without flags', () => {
    expect(read([])).toMatchObject({ only: undefined, models: modelNames, install: true, record: false });
  });

  test('never installs into the clone', () => {
    expect(() => read([], { CLIENTS_DIR: '/repository/clients' })).toThrow(UsageError);
    expect(read([], { CLIENTS_DIR: '/repository-clients' }).dir).toBe('/repository-clients');
  });

  test.each([['--what'], ['--models', 'gpt-5'], ['openai']])('refuses %j', (...argv) => {
    expect(() => read(argv)).toThrow(UsageError);
  });

  test('takes several names', () => {
    expect(read(['--only', 'codex,claude-code']).only).toEqual(['codex', 'claude-code']);
  });
});
