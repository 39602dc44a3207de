import {
  audioUsage,
  measureTranscription,
  parseTranscriptionRequest,
  readTranscriptionAnswer,
  transcriptionForm,
  type AnswerParts,
  type RequestChanges,
  type TranscriptionRequest,
  type WrittenForm,
} from '@orgn/dialects';
import { ServiceError } from '@orgn/contracts';
import { secondsOfFile, secondsOfSubtitles } from './audio-length.ts';
import type { AnswerForm, Endpoint, Translation } from './endpoint.ts';

type Format = NonNullable<TranscriptionRequest['response_format']>;

const path = '/audio/transcriptions';

/** What is known of a form: its fields, and how long its file is. */
interface ParsedForm {
  request: TranscriptionRequest;
  fileSeconds: number;
}

/**
 * `POST /v1/audio/transcriptions`, a form. Plain text is asked for as JSON and unpacked here, since only JSON says how long
 * the audio was.
 */
export const transcriptions: Endpoint = {
  path,
  read({ body, contentType }) {
    const request = parseTranscriptionRequest(body, contentType);
    return {
      body,
      members: [],
      parsed: { request, fileSeconds: secondsOfFile(body.subarray(request.file.start, request.file.end)) },
      sample: undefined,
      models: [request.model],
      needs: ['transcription'],
      isStream: false,
      wantsUsage: false,
      wantsCost: false,
      outputLimit: undefined,
      images: 0,
      marksCaching: false,
      // By the length of the file, not by its header: that is the caller's own word.
      bounds: { promptTokens: undefined, measure: measureTranscription(request, body.length) },
    };
  },
  // A form's fields are few and short.
  lighten: (facts) => facts,
  toRequest({ body, parsed, ...wishes }) {
    const { request, fileSeconds } = parsed as ParsedForm;
    return {
      ...wishes,
      promptEstimate: () => 0,
      untaken: () => [],
      toUpstream: (changes) => ({ path, ...upstreamForm(body, request, changes) }),
      answer: formOf(request.response_format ?? 'json', fileSeconds),
    };
  },
};

/** The form as a provider gets it: written anew, with its model's name. */
function upstreamForm(body: Buffer, request: TranscriptionRequest, changes: RequestChanges): WrittenForm {
  // A form has no place for a provider's flags, so a provider that needs one must not be asked.
  if (Object.keys(changes.members ?? {}).length > 0)
    throw new ServiceError('zdr_unavailable', 'This provider cannot be bound to zero retention for transcriptions.');
  const isText = request.response_format === 'text';
  return transcriptionForm(body, request, { model: changes.upstreamModel, ...(isText && { response_format: 'json' }) });
}

function formOf(format: Format, fileSeconds: number): AnswerForm {
  const upstream = format === 'text' ? 'json' : format;
  const secondsOf = (answer: Buffer) => (isSubtitles(format) ? secondsOfSubtitles(answer) : undefined) ?? fileSeconds;
  return {
    contentType: format === 'json' || format === 'verbose_json' ? 'application/json' : 'text/plain; charset=utf-8',
    read: (answer) => withSeconds(readTranscriptionAnswer(answer, upstream), fileSeconds),
    estimate: (answer) => ({ completionTokens: 0, audioSeconds: secondsOf(answer) }),
    usage: audioUsage,
    idPrefix: 'transcript-',
    ...(format === 'text' && { translation: unpacked }),
  };
}

const isSubtitles = (format: Format) => format === 'srt' || format === 'vtt';

/** Figures in tokens alone do not say what seconds cost; then the file does. */
function withSeconds(parts: AnswerParts | undefined, fileSeconds: number): AnswerParts | undefined {
  if (!parts?.usage || parts.usage.audioSeconds > 0) return parts;
  return { ...parts, usage: { ...parts.usage, audioSeconds: fileSeconds } };
}

const unpacked: Translation = {
  toAnswer: (answer) => Buffer.from(`${(JSON.parse(answer.toString('utf8')) as { text: string }).text}\n`),
  startStream: () => {
    throw new ServiceError('internal', 'Transcriptions are not streamed.');
  },
};
