import { expect, test } from '@jest/globals';
import { Progress } from './progress.mjs';

function makeProgress() {
  const seen = { text: '' };
  const progress = new Progress({ write: (text) => (seen.text += text) }, 2);
  const lines = () => seen.text.replaceAll(/\d+\.\d s/g, '0.0 s').split('\n');
  return { progress, lines };
}

test('one line a step', async () => {
  const { progress, lines } = makeProgress();
  await progress.step('install', async () => 'nothing to do');
  await progress.step('ports', async () => undefined);
  expect(lines()).toEqual(['  1/2  install    ... ok   0.0 s  nothing to do', '  2/2  ports      ... ok   0.0 s', '']);
});

test('a remark breaks the line of its step, which is then told again', () => {
  const { progress, lines } = makeProgress();
  progress.begin('nats');
  progress.note('fetching');
  progress.note('still fetching');
  progress.done('2.9.10');
  progress.note('later');
  expect(lines()).toEqual([
    '  1/2  nats       ... ',
    '       fetching',
    '       still fetching',
    '  1/2  nats       ... ok   0.0 s  2.9.10',
    '       later',
    '',
  ]);
});

test('a step that fails says so', async () => {
  const { progress, lines } = makeProgress();
  await expect(progress.step('build', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  progress.broken();
  expect(lines()).toEqual(['  1/2  build      ... failed  0.0 s', '']);
});
