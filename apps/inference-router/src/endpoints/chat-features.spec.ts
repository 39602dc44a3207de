import { describe, expect, test } from '@jest/globals';
import { chatFeatures } from './chat-features.ts';

const withParts = (...types: string[]) => ({ messages: [{ content: types.map((type) => ({ type })) }] });

describe('chatFeatures', () => {
  test.each([
    [{ messages: [{ content: 'Hello' }] }, []],
    [withParts('text'), []],
    [withParts('text', 'image_url'), ['vision']],
    [withParts('input_audio', 'file'), ['audio', 'files']],
    [{ messages: [], tools: [{}] }, ['tools']],
    [{ messages: [], functions: [{}] }, ['tools']],
    [{ messages: [], tools: [] }, []],
    [{ messages: [], response_format: { type: 'json_schema' } }, ['json_schema']],
    [{ messages: [], response_format: { type: 'json_object' } }, []],
    [{ messages: [], modalities: ['text', 'audio'] }, ['audio']],
  ])('of %j needs %j', (request, needs) => {
    expect(chatFeatures(request).needs).toEqual(needs);
  });

  test('counts the images of all messages', () => {
    const request = {
      messages: [...withParts('image_url', 'text', 'image_url').messages, ...withParts('image_url').messages],
    };
    expect(chatFeatures(request).images).toBe(3);
  });
});
