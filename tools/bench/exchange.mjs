/** What is asked and answered in every burst: a request of about 1 KB, an answer of 50 tokens. */
export const answerTokens = 50;
export const answerText = Array.from({ length: answerTokens }, (_, index) => `word${index}`).join(' ');

/** A word in the prompt that makes the upstream answer at a model's pace. */
export const pace = 'unhurriedly';
export const paceMs = 10;
/** One that makes it say the first word of a stream and nothing after it; a mode of requests, too. */
export const silence = 'silently';

const filler = 'Read the report below, list what went wrong in three points, and name who repairs each of them. ';

/** How an upstream is to answer. */
const manners = { paced: pace, [silence]: silence };

/** @param {'json' | 'sse' | 'paced' | 'silently'} mode */
export function requestBody(model, mode) {
  const text = `Answer ${manners[mode] ?? 'at once'}. ${filler.repeat(9)}`;
  return JSON.stringify({
    model,
    temperature: 0.2,
    max_tokens: 256,
    ...(mode === 'json' ? {} : { stream: true, stream_options: { include_usage: true } }),
    messages: [
      { role: 'system', content: 'You are a careful assistant.' },
      { role: 'user', content: text },
    ],
  });
}

/** What is wrong with an answer; undefined when it says what the upstream said. A fast wrong answer is no result. */
export function faultOf(text, mode) {
  if (mode === 'json') return textIn([JSON.parse(text)], 'message') === answerText ? undefined : 'other text';
  const data = text.split('\n\n').flatMap((event) => (event.startsWith('data: ') ? [event.slice(6)] : []));
  if (data.pop() !== '[DONE]') return 'no [DONE]';
  const events = data.map((json) => JSON.parse(json));
  if (textIn(events, 'delta') !== answerText) return 'other text';
  return events.some(({ usage }) => usage?.completion_tokens === answerTokens) ? undefined : 'no usage';
}

function textIn(answers, member) {
  return answers.map(({ choices }) => choices?.[0]?.[member]?.content ?? '').join('');
}
