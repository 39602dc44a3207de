import { answerText, answerTokens } from './exchange.mjs';

const usage = { prompt_tokens: 24, completion_tokens: answerTokens, total_tokens: 24 + answerTokens };
const base = { id: 'chatcmpl-canned', created: 1_735_689_600, model: 'canned' };
/** An answer in one piece. */
export const whole = Buffer.from(
  JSON.stringify({
    ...base,
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: answerText } }],
    usage,
  }),
);

const event = (object) =>
  Buffer.from(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...object })}\n\n`);
const chunk = (delta, finish = null) => event({ choices: [{ index: 0, delta, finish_reason: finish }] });
const words = answerText.split(/(?= )/);
/** The writes of a stream: a chunk each, the last with the usage and the end. */
export const frames = [
  ...Array.from({ length: answerTokens }, (_, index) => chunk({ content: words[index] ?? '' })),
  chunk({}, 'stop'),
  Buffer.concat([event({ choices: [], usage }), Buffer.from('data: [DONE]\n\n')]),
];
