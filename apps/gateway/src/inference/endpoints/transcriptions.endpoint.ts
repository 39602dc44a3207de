import { DroppedNames, parseTranscriptionRequest } from '@orgn/dialects';
import type { InferenceEndpoint } from '../inference-endpoint.ts';

export const transcriptionsEndpoint: InferenceEndpoint = {
  path: '/v1/audio/transcriptions',
  capability: 'transcription',
  read: (body, contentType) => ({
    model: parseTranscriptionRequest(body, contentType).model,
    fallbacks: [],
    isStream: false,
    body,
    dropped: new DroppedNames(),
    known: [],
    unknown: 0,
  }),
};
