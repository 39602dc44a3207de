import { describe, expect, test } from '@jest/globals';
import { parseBench, UsageError } from './options.mjs';

const places = { root: '/home/me/repo' };

describe('parseBench', () => {
  test('measures everything there is by default, the harness beside the repository', () => {
    const options = parseBench([], places, {});
    expect(options).toMatchObject({ targets: ['direct', 'floor', 'portkey', 'ours'], connections: [1, 32, 128] });
    expect(options).toMatchObject({ longSecs: 0, harness: '/home/me/shared/bench-peers' });
  });

  test('reads every flag, and the places from the environment', () => {
    const argv = ['--long', '--no-pin', '--targets=ours,floor', '--connections', '2,4', '--secs', '1', '--rounds', '7'];
    const env = { BENCH_PEERS_DIR: '/peers', PEERS: '/tmp/peers' };
    expect(parseBench([...argv, '--port-base', '30000', '--out', 'x.json'], places, env)).toEqual({
      root: '/home/me/repo',
      targets: ['floor', 'ours'],
      connections: [2, 4],
      secs: 1,
      rounds: 7,
      warmSecs: 12,
      longSecs: 600,
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
      targets: ['direct', 'floor', 'portkey', 'before', 'plain', 'ours'],
    });
    expect(() => parseBench(['--targets', 'before'], places, {})).toThrow(UsageError);
  });

  test.each([['--secs', '0'], ['--secs', '601'], ['--connections', '1,x'], ['--targets', 'nginx'], ['--fast']])(
    'refuses %s %s',
    (...argv) => {
      expect(() => parseBench(argv, places, {})).toThrow(UsageError);
    },
  );
});
