import { describe, expect, test } from '@jest/globals';
import { parseBench, targetNames, UsageError } from './options.mjs';

const places = { root: '/home/me/repo' };

describe('parseBench', () => {
  test('measures everything there is by default, the harness beside the repository', () => {
    const options = parseBench([], places, {});
    const targets = ['direct', 'floor', 'nginx', 'portkey', 'litellm', 'one-api', 'ours', 'tee'];
    expect(options).toMatchObject({ kind: 'bars', targets, connections: [1, 32, 128], rounds: 5 });
    expect(options).toMatchObject({ harness: '/home/me/shared/bench-peers' });
  });

  test('reads every flag, and the places from the environment', () => {
    const argv = ['--long', '--no-pin', '--targets=ours,floor', '--connections', '2,4', '--secs', '1', '--rounds', '7'];
    argv.push('--minutes', '2');
    const env = { BENCH_PEERS_DIR: '/peers', PEERS: '/tmp/peers' };
    expect(parseBench([...argv, '--port-base', '30000', '--out', 'x.json'], places, env)).toEqual({
      root: '/home/me/repo',
      kind: 'long',
      isQuick: false,
      targets: ['floor', 'ours'],
      connections: [2, 4],
      secs: 1,
      rounds: 7,
      warmSecs: 40,
      longSecs: 120,
      portBase: 30000,
      pin: false,
      out: 'x.json',
      against: undefined,
      harness: '/peers',
      peers: '/tmp/peers',
    });
  });

  test('measures another checkout beside this one, with and without encryption inside', () => {
    const options = parseBench(['--against', '/other'], places, {});
    expect(options).toMatchObject({
      against: '/other',
      targets: targetNames,
    });
    expect(() => parseBench(['--targets', 'before'], places, {})).toThrow(UsageError);
  });

  test.each([
    ['--secs', '0'],
    ['--secs', '601'],
    ['--connections', '1,x'],
    ['--targets', 'other'],
    ['--fast'],
    ['--long', '--ablate'],
  ])('refuses %s %s', (...argv) => {
    expect(() => parseBench(argv, places, {})).toThrow(UsageError);
  });
});
