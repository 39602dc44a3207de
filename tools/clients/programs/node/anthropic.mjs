import Anthropic from '@anthropic-ai/sdk';
import { apiKey, model, prompts, runCases, toolResult, Usage, weather } from './cases.mjs';

const figures = ['input_tokens', 'output_tokens'];
const tools = [{ name: weather.name, description: weather.description, input_schema: weather.schema }];
const clientOf = (url) => new Anthropic({ baseURL: url, apiKey });
const textOf = (message) => message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');

await runCases({
  async answer(url) {
    const [client, usage] = [clientOf(url), new Usage()];
    await client.messages.countTokens({ model, messages: [{ role: 'user', content: prompts.answer }] });
    const message = await client.messages.create({
      model,
      max_tokens: 500,
      messages: [{ role: 'user', content: prompts.answer }],
    });
    usage.add(message.usage, figures);
    return { text: textOf(message), usage };
  },

  async tools(url) {
    const [client, usage] = [clientOf(url), new Usage()];
    return { ...(await toolLoop((body) => client.messages.create(body), usage)), usage };
  },

  async stream(url) {
    const [client, usage] = [clientOf(url), new Usage()];
    const { calls } = await toolLoop((body) => client.messages.stream(body).finalMessage(), usage, [prompts.firstTurn]);
    const stream = client.messages.stream({
      model,
      max_tokens: 500,
      messages: [{ role: 'user', content: prompts.stream }],
    });
    let deltas = 0;
    stream.on('text', () => (deltas += 1));
    const message = await stream.finalMessage();
    usage.add(message.usage, figures);
    return { text: textOf(message), deltas, calls, usage };
  },
});

/** The documented loop: the content goes back as it was received. */
async function toolLoop(ask, usage, turns = [prompts.firstTurn, prompts.secondTurn]) {
  const messages = [];
  const calls = [];
  let text = '';
  for (const content of turns) {
    messages.push({ role: 'user', content });
    for (;;) {
      const message = await ask({ model, max_tokens: 500, messages, tools });
      usage.add(message.usage, figures);
      messages.push({ role: 'assistant', content: message.content });
      const uses = message.content.filter(({ type }) => type === 'tool_use');
      if (uses.length === 0) {
        text = textOf(message);
        break;
      }
      const results = uses.map(({ id, input }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: toolResult(input.city),
      }));
      calls.push(...uses.map(({ input }) => input.city));
      messages.push({ role: 'user', content: results });
    }
  }
  return { text, calls };
}
