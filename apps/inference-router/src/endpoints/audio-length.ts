/** Bytes a second of speech at 16 kbit/s, the leanest encoding in common use: unknown files are taken to be no shorter. */
const LEAN_BYTES_PER_SECOND = 2_000;
const WAV_HEADER_BYTES = 44;

/**
 * Seconds of audio in a file, a begun one included. Exact for WAV; for other formats an upper bound by the file's size,
 * used only where the provider does not say how long the audio was.
 */
export function secondsOfFile(file: Buffer): number {
  const byteRate = wavByteRate(file);
  if (byteRate === undefined) return Math.ceil(file.length / LEAN_BYTES_PER_SECOND);
  return Math.ceil(Math.max(0, file.length - WAV_HEADER_BYTES) / byteRate);
}

/** Where the last cue of SRT or WebVTT subtitles ends, in begun seconds; undefined when there is none. */
export function secondsOfSubtitles(text: Buffer): number | undefined {
  const cues = [...text.toString('utf8').matchAll(/-->\s*(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{3})/g)];
  const [, hours = '0', minutes = '0', seconds = '0', milliseconds = '0'] = cues.at(-1) ?? [];
  if (cues.length === 0) return undefined;
  return Math.ceil(Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds) + Number(milliseconds) / 1_000);
}

function wavByteRate(file: Buffer): number | undefined {
  const isWav =
    file.length >= WAV_HEADER_BYTES &&
    file.toString('latin1', 0, 4) === 'RIFF' &&
    file.toString('latin1', 8, 16) === 'WAVEfmt ';
  const byteRate = isWav ? file.readUInt32LE(28) : 0;
  // The header is the caller's: a rate beyond what audio has would make the seconds vanish.
  return byteRate > 0 && byteRate <= 4_000_000 ? byteRate : undefined;
}
