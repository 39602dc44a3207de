import type { Segment, Transcript } from './transcript.ts';

export interface Formatted {
  readonly text: string;
  readonly contentType: string;
}

type Format = (transcript: Transcript, showsUsage: boolean) => Formatted;

/** How each `response_format` is written. */
export const formats: Readonly<Record<string, Format>> = {
  json: (transcript, showsUsage) => json({ text: transcript.text, ...usageOf(transcript, showsUsage) }),
  verbose_json: (transcript, showsUsage) =>
    json({
      task: 'transcribe',
      language: 'english',
      duration: transcript.seconds,
      text: transcript.text,
      segments: transcript.segments.map((segment, id) => ({ id, ...segment })),
      ...usageOf(transcript, showsUsage),
    }),
  text: (transcript) => plain(`${transcript.text}\n`),
  srt: (transcript) => plain(transcript.segments.map((segment, at) => cue(segment, ',', `${at + 1}\n`)).join('\n')),
  vtt: (transcript) => plain(`WEBVTT\n\n${transcript.segments.map((segment) => cue(segment, '.', '')).join('\n')}`),
};

function usageOf(transcript: Transcript, showsUsage: boolean): object {
  return showsUsage ? { usage: { type: 'duration', seconds: Math.ceil(transcript.seconds) } } : {};
}

function json(value: object): Formatted {
  return { text: JSON.stringify(value), contentType: 'application/json' };
}

function plain(text: string): Formatted {
  return { text, contentType: 'text/plain; charset=utf-8' };
}

function cue({ start, end, text }: Segment, point: string, number: string): string {
  return `${number}${clock(start, point)} --> ${clock(end, point)}\n${text}\n`;
}

function clock(seconds: number, point: string): string {
  const whole = Math.floor(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const milliseconds = Math.round((seconds - whole) * 1000);
  return `${pad(h)}:${pad(m)}:${pad(s)}${point}${pad(milliseconds, 3)}`;
}

function pad(value: number, length = 2): string {
  return String(value).padStart(length, '0');
}
