import { describe, expect, test } from '@jest/globals';
import { callerDirectory, parseStart, parseStop, UsageError } from './options.mjs';

const places = { root: '/repo', cwd: '/home/me' };

describe('parseStart', () => {
  test('has a default for everything', () => {
    expect(parseStart([], places)).toEqual({
      root: '/repo',
      cwd: '/home/me',
      dir: '/repo/.local',
      isDefaultDir: true,
      detach: false,
      fresh: false,
      restart: true,
      portBase: undefined,
      gateways: 1,
      routers: 1,
      registries: 1,
      meterings: 1,
    });
  });

  test('reads every flag, with a blank or an equals sign', () => {
    const argv = ['--detach', '--fresh', '--no-restart', '--dir=x', '--port-base', '21000', '--gateways=2'];
    expect(parseStart([...argv, '--routers', '3', '--registries', '4', '--meterings', '10'], places)).toMatchObject({
      detach: true,
      fresh: true,
      restart: false,
      dir: '/home/me/x',
      isDefaultDir: false,
      portBase: 21000,
      gateways: 2,
      routers: 3,
      registries: 4,
      meterings: 10,
    });
  });

  test.each([
    [['--gateway', '2']],
    [['--gateways']],
    [['--gateways', '0']],
    [['--gateways', '11']],
    [['--gateways', '2.5']],
    [['--gateways', '-1']],
    [['--port-base', '80']],
    [['--port-base', '65437']],
    [['--port-base', '0x5208']],
    [['--detach=yes']],
    [['--dir', '']],
    [['extra']],
  ])('refuses %j', (argv) => {
    expect(() => parseStart(argv, places)).toThrow(UsageError);
  });
});

describe('parseStop', () => {
  test('takes the folder of the stack', () => {
    expect(parseStop(['--dir', '/data'], places)).toEqual({ dir: '/data' });
    expect(parseStop([], places)).toEqual({ dir: '/repo/.local' });
    expect(() => parseStop(['--fresh'], places)).toThrow(UsageError);
  });
});

describe('callerDirectory', () => {
  test('is where npm was called', () => {
    const env = { npm_lifecycle_event: 'start', INIT_CWD: '/home/me' };
    expect(callerDirectory('/repo', env, '/repo')).toBe('/home/me');
  });

  test('is the own folder of a process that only inherited npm’s variables', () => {
    expect(callerDirectory('/repo', { npm_lifecycle_event: 'test', INIT_CWD: '/repo' }, '/repo/e2e')).toBe('/repo/e2e');
    expect(callerDirectory('/repo', { npm_lifecycle_event: 'start', INIT_CWD: '/home/me' }, '/tmp')).toBe('/tmp');
    expect(callerDirectory('/repo', {}, '/tmp')).toBe('/tmp');
  });
});
