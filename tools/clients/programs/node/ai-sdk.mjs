import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { apiKey, model, prompts, runCases, toolResult, weather, withEach } from './cases.mjs';

const figures = ['inputTokens', 'outputTokens'];

/** Each of its providers, by what it speaks. Nothing is kept here, which the responses provider has to be told. */
const providersAt = (url) => ({
  compatible: {
    model: createOpenAICompatible({ name: 'orgn', baseURL: `${url}/v1`, apiKey, includeUsage: true })(model),
  },
  chat: { model: createOpenAI({ baseURL: `${url}/v1`, apiKey }).chat(model) },
  responses: {
    model: createOpenAI({ baseURL: `${url}/v1`, apiKey }).responses(model),
    providerOptions: { openai: { store: false, include: ['reasoning.encrypted_content'] } },
  },
  messages: { model: createAnthropic({ baseURL: `${url}/v1`, apiKey })(model) },
});

await runCases({
  answer: (url) =>
    withEach(providersAt(url), async (asked, usage) => {
      const result = await generateText({ ...asked, prompt: prompts.answer });
      usage.add(result.totalUsage, figures);
      return { text: result.text };
    }),

  tools: (url) =>
    withEach(providersAt(url), async (asked, usage) => {
      const calls = [];
      const messages = [];
      let text = '';
      for (const content of [prompts.firstTurn, prompts.secondTurn]) {
        messages.push({ role: 'user', content });
        const result = await generateText({ ...asked, messages, ...toolbox(calls) });
        usage.add(result.totalUsage, figures);
        messages.push(...result.response.messages);
        text = result.text;
      }
      return { text, calls };
    }),

  stream: (url) =>
    withEach(providersAt(url), async (asked, usage) => {
      const calls = [];
      const looped = streamText({ ...asked, prompt: prompts.firstTurn, ...toolbox(calls), onError });
      await looped.consumeStream();
      usage.add(await looped.totalUsage, figures);
      const result = streamText({ ...asked, prompt: prompts.stream, onError });
      let [text, deltas] = ['', 0];
      for await (const piece of result.textStream) [text, deltas] = [text + piece, deltas + 1];
      usage.add(await result.totalUsage, figures);
      return { text, deltas, calls };
    }),
});

function toolbox(calls) {
  const execute = ({ city }) => {
    calls.push(city);
    return toolResult(city);
  };
  const inputSchema = jsonSchema(weather.schema);
  return {
    tools: { [weather.name]: tool({ description: weather.description, inputSchema, execute }) },
    stopWhen: stepCountIs(5),
  };
}

function onError({ error }) {
  throw error;
}
