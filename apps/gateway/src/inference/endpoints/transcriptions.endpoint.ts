import { parseTranscriptionRequest } from '@orgn/dialects';
import type { InferenceEndpoint } from '../inference-endpoint.ts';

export const transcriptionsEndpoint: InferenceEndpoint = {
  path: '/v1/audio/transcriptions',
  capability: 'transcription',
  parse: (form, contentType) => ({
    model: parseTranscriptionRequest(form, contentType).model,
    fallbacks: [],
    isStream: false,
  }),
};
