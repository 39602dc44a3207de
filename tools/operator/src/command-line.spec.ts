import { describe, expect, test } from '@jest/globals';
import { findCommand, parseCommandLine, usageText } from './command-line.ts';
import { createKeyCommand } from './keys/create-key.ts';
import { listKeysCommand } from './keys/list-keys.ts';

describe('finding a command', () => {
  test('takes noun and verb', () => {
    expect(findCommand(['keys', 'list', '--team', 'team_demo'])).toBe(listKeysCommand);
  });

  test.each([
    [['keys', 'frob'], 'keys frob'],
    [['keys'], 'Which command'],
    [['keys', '--json'], 'Which command'],
    [[], 'Which'],
  ])('says what is wrong with %j', (args, fault) => {
    expect(() => findCommand(args)).toThrow(fault);
  });
});

describe('reading flags', () => {
  const parse = (...args: string[]) => parseCommandLine(createKeyCommand, args);

  test('keeps values by flag name, and takes --json and --dir everywhere', () => {
    const flags = parse('--team', 'team_demo', '--name=a b', '--json', '--dir', '/tmp/x');
    expect(flags).toEqual({ team: 'team_demo', name: 'a b', json: 'true', dir: '/tmp/x' });
  });

  test.each([
    [['--taem', 'team_demo'], '--taem'],
    [['--reason', 'leaked'], '--reason'],
    [['--team'], '--team'],
    [['--team', 'a', '--team', 'b'], '--team was given twice'],
    [['team_demo'], 'team_demo'],
    [['--json=yes'], '--json'],
  ])('refuses %j and names it', (args, fault) => {
    expect(() => parse(...args)).toThrow(fault);
  });
});

test('the usage text shows every command as it is typed', () => {
  for (const line of [
    'npm run -s keys -- create --team ID',
    'npm run -s teams -- list\n',
    'npm run -s usage -- tail [--team ID]',
  ]) {
    expect(usageText()).toContain(line);
  }
});
