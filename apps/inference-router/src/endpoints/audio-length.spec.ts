import { describe, expect, test } from '@jest/globals';
import { secondsOfFile, secondsOfSubtitles } from './audio-length.ts';

const wav = (seconds: number, byteRate: number) => {
  const file = Buffer.alloc(44 + Math.round(seconds * byteRate));
  file.write('RIFF', 0, 'latin1');
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(byteRate, 28);
  return file;
};

describe('secondsOfFile', () => {
  test('reads the length of a WAV file, a begun second counting whole', () => {
    expect(secondsOfFile(wav(2, 32_000))).toBe(2);
    expect(secondsOfFile(wav(2.1, 32_000))).toBe(3);
  });

  test('never takes another file for shorter than the leanest speech of its size', () => {
    expect(secondsOfFile(Buffer.alloc(20_001))).toBe(11);
  });

  test.each([0, 4_000_001, 0xffffffff])('does not believe a header that claims %d bytes a second', (byteRate) => {
    const file = wav(0, 1);
    file.writeUInt32LE(byteRate, 28);
    expect(secondsOfFile(Buffer.concat([file, Buffer.alloc(20_000)]))).toBe(11);
  });
});

describe('secondsOfSubtitles', () => {
  test.each([
    ['1\n00:00:00,000 --> 00:00:02,500\nHi\n\n2\n00:01:02,500 --> 01:01:03,001\nBye\n', 3_664],
    ['WEBVTT\n\n00:00.000 --> 00:04.000\nHi\n', 4],
  ])('finds where the last cue of %j ends', (text, seconds) => {
    expect(secondsOfSubtitles(Buffer.from(text))).toBe(seconds);
  });

  test('knows when there is no cue', () => {
    expect(secondsOfSubtitles(Buffer.from('WEBVTT\n'))).toBeUndefined();
  });
});
