import { measureTranscription, readTranscriptionRequest } from '@orgn/dialects';
import type { InferenceEndpoint } from '../inference-endpoint.ts';

export const transcriptionsEndpoint: InferenceEndpoint = {
  path: '/v1/audio/transcriptions',
  capability: 'transcription',
  read(bytes, contentType, { isStrict }) {
    const { request, form, ...found } = readTranscriptionRequest({ body: bytes, contentType }, isStrict);
    const measure = measureTranscription(request, form.body.length);
    return { ...found, ...form, model: request.model, fallbacks: [], isStream: false, measure };
  },
};
